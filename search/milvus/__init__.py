"""The index in a Milvus (https://milvus.io): the same searches over vectors that another machine, or many, hold."""
