import datetime

import peewee
from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, Model, MySQLDatabase, fn

database = MySQLDatabase(None)  # the queries are built, not run: an image has no database library


class Base(Model):
    class Meta:
        database = database


class User(Base):
    name = CharField(unique=True)
    age = IntegerField(default=18)


class Post(Base):
    user = ForeignKeyField(User, backref="posts")
    text = CharField()
    made = DateTimeField(default=datetime.datetime.now)


query = (
    User.select(User.name, fn.COUNT(Post.id).alias("n"))
    .join(Post)
    .where((User.age > 20) & (User.name.contains("x")))
    .group_by(User.name)
    .order_by(User.name.desc())
    .limit(3)
)
sql, parameters = query.sql()
assert (
    sql
    == "SELECT `t1`.`name`, COUNT(`t2`.`id`) AS `n` FROM `user` AS `t1` INNER JOIN `post` AS `t2` ON (`t2`.`user_id` = `t1`.`id`) WHERE ((`t1`.`age` > %s) AND (`t1`.`name` LIKE %s)) GROUP BY `t1`.`name` ORDER BY `t1`.`name` DESC LIMIT %s"
), sql
assert parameters[0] == 20 and parameters[2] == 3
assert User.insert(name="a", age=1).sql()[0] == "INSERT INTO `user` (`name`, `age`) VALUES (%s, %s)"
assert User.update(age=User.age + 1).where(User.id << [1, 2]).sql() == (
    "UPDATE `user` SET `age` = (`user`.`age` + %s) WHERE (`user`.`id` IN (%s, %s))",
    [1, 1, 2],
)
user = User(name="bob")
assert user.age == 18 and user.name == "bob" and user.id is None
assert Post._meta.fields["user"].rel_model is User
try:
    User.create(name="x")
    raise AssertionError("no error")
except peewee.InterfaceError as error:
    assert "deferred" in str(error) or "database" in str(error).lower(), error
except peewee.ImproperlyConfigured:
    pass
