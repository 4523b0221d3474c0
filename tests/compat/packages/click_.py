import click
from click.testing import CliRunner


@click.group()
@click.option("--debug/--no-debug", default=False)
@click.pass_context
def cli(ctx, debug):
    """A tool."""
    ctx.obj = {"debug": debug}


@cli.command()
@click.option("-c", "--count", default=1, show_default=True, help="How often.")
@click.option("--color", type=click.Choice(["red", "blue"]))
@click.argument("name")
@click.pass_obj
def hello(obj, count, color, name):
    """Greet NAME."""
    for _ in range(count):
        click.echo(f"Hello {name}! {color} {obj['debug']}")


@cli.command()
@click.argument("numbers", nargs=-1, type=float)
def total(numbers):
    click.secho(str(sum(numbers)), fg="green")


runner = CliRunner()
result = runner.invoke(cli, ["--debug", "hello", "-c", "2", "--color", "red", "Bob"])
assert result.exit_code == 0, (result.output, result.exception)
assert result.output == "Hello Bob! red True\n" * 2, result.output
result = runner.invoke(cli, ["hello", "--help"])
assert "Usage: cli hello [OPTIONS] NAME" in result.output and "[default: 1]" in result.output, result.output
result = runner.invoke(cli, ["hello", "--color", "green", "x"])
assert result.exit_code == 2 and "Invalid value for '--color'" in result.output, result.output
result = runner.invoke(cli, ["total", "1", "2.5"])
assert result.output == "3.5\n", result.output
result = runner.invoke(cli, ["nothing"])
assert result.exit_code == 2 and "No such command 'nothing'" in result.output, result.output
assert click.style("x", fg="red") == "\x1b[31mx\x1b[0m"
