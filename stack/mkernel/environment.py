# environment.py - the variables that os.environ begins with: (name, value) of `[env]` in unikernel.toml, then
# of the arguments --env:NAME=VALUE (_boot.py).

try:
    from _environment import VARIABLES as variables  # host/build/image.py writes it
except ImportError:
    variables = ()

variables = list(variables)
