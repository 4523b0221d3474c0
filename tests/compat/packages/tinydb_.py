from tinydb import Query, TinyDB, where
from tinydb.operations import delete, increment
from tinydb.storages import MemoryStorage

db = TinyDB("/tmp/pymnet-tinydb.json")
db.drop_tables()
db.insert({"type": "apple", "count": 7})
db.insert_multiple([{"type": "peach", "count": 3}, {"type": "kiwi", "count": 1, "tags": ["a"]}])
Fruit = Query()
assert [each["type"] for each in db.search(Fruit.count > 2)] == ["apple", "peach"]
assert db.get((Fruit.type == "kiwi") & Fruit.tags.any(["a"]))["count"] == 1
db.update(increment("count"), where("type") == "peach")
assert db.get(Fruit.type.matches("pe"))["count"] == 4
db.update(delete("tags"), Fruit.type == "kiwi")
assert db.remove(Fruit.count < 3) == [3]
table = db.table("other")
assert table.upsert({"a": 1}, Query().a == 1) == [1] and len(table) == 1
db.close()
again = TinyDB("/tmp/pymnet-tinydb.json")
assert len(again) == 2 and again.tables() == {"_default", "other"}
again.close()
memory = TinyDB(storage=MemoryStorage)
memory.insert({"x": {"y": [1, 2]}})
assert memory.contains(Query().x.y.test(lambda v: sum(v) == 3))
