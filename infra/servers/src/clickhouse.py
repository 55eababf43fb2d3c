"""Serves ClickHouse from its library: clickhouse-local with an HTTP port. Arguments: the library, then clickhouse-local's own."""
import ctypes
import sys

library = ctypes.CDLL(sys.argv[1])
arguments = [argument.encode() for argument in ["clickhouse-local", *sys.argv[2:]]]
library.chdb_query_cmdline.restype = ctypes.c_void_p
library.chdb_query_cmdline(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments))
