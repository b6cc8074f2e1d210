"""Commands with subcommands, one module each; `luthier.cli` puts them together."""
