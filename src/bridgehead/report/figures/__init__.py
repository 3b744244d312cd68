"""The parts of the report: words, numbers, tables and one function a section, each from tables to HTML."""
