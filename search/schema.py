"""The tables of the catalogue: what `indexer.draft` writes and `search.catalogue` reads."""

SCHEMA = """
CREATE TABLE roots (             -- folders and files for which it was told how they are read, see indexer.options
    path TEXT PRIMARY KEY,       -- absolute
    options TEXT NOT NULL
);
CREATE TABLE files (
    file_id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,   -- absolute
    source TEXT NOT NULL,        -- relative to the folder that was indexed
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    digest TEXT NOT NULL,        -- of the content
    options TEXT NOT NULL,       -- what of the options that it was read with matters for its format
    format TEXT,                 -- NULL where it could not be told; this and the rest as in indexer.readers.Health
    encoding TEXT,
    pages INTEGER NOT NULL,
    empty_pages TEXT NOT NULL,   -- JSON
    garbage_share REAL NOT NULL,
    repaired_lines INTEGER NOT NULL
);
CREATE TABLE skips (             -- what could not be read, a file or a record of it, and why
    file_id INTEGER NOT NULL REFERENCES files,
    place TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE TABLE unfound (           -- what was there when this generation was built, but was no file that can be opened
    source TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE TABLE items (             -- documents as their files tell them
    doc_id TEXT PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES files,
    site TEXT NOT NULL,          -- whose repeated lines they may have
    record_id TEXT,
    title TEXT NOT NULL,
    lang TEXT,
    date TEXT,
    publisher TEXT,
    author TEXT,
    page_starts TEXT NOT NULL,   -- JSON, in characters of the text
    cleaned_by BLOB,             -- which of the site's lines were looked for in it, NULL before it was cleaned
    line_hashes BLOB NOT NULL,   -- see indexer.repetition
    text TEXT                    -- NULL where it is the document's
);
CREATE TABLE documents (         -- items without furniture; those that are nothing else have none
    doc_id TEXT PRIMARY KEY REFERENCES items,
    file_id INTEGER NOT NULL REFERENCES files,
    title TEXT NOT NULL,
    lang TEXT NOT NULL,
    date TEXT,
    source TEXT NOT NULL,
    publisher TEXT,
    author TEXT,
    record_id TEXT,
    copy_of TEXT REFERENCES documents,  -- the one that stands for all with this text; only that has passages
    page_starts TEXT NOT NULL,   -- JSON
    fingerprint BLOB NOT NULL,   -- this and the signature: see indexer.duplicates
    signature BLOB,              -- NULL for copies
    removed TEXT NOT NULL,       -- JSON: what cleaning took away, pairs of text and reason
    text TEXT NOT NULL
);
CREATE VIEW all_skips AS         -- what of a file is not in the index, be it unread or nothing but furniture
    SELECT file_id, place, reason, rowid AS number FROM skips
    UNION ALL
    SELECT file_id, coalesce(record_id, ''), 'All of its text is furniture of the page.', rowid FROM items
    WHERE cleaned_by IS NOT NULL AND doc_id NOT IN (SELECT doc_id FROM documents);
CREATE TABLE near_duplicates (   -- documents that tell the same in nearly the same words, see indexer.duplicates
    doc_id TEXT PRIMARY KEY REFERENCES documents,
    leader_id TEXT NOT NULL REFERENCES documents,
    likeness REAL NOT NULL
);
CREATE TABLE passages (
    passage_id TEXT PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES documents,
    lang TEXT NOT NULL,
    text TEXT NOT NULL,
    start INTEGER NOT NULL,      -- in characters of the document's text
    "end" INTEGER NOT NULL,
    page INTEGER,                -- of the source, NULL where it has none
    input TEXT NOT NULL,         -- what the encoder is given: title and text
    shingles BLOB NOT NULL,      -- see search.shingles
    row INTEGER UNIQUE           -- of the vector
);
CREATE TABLE counterparts (      -- documents of two languages that tell the same, see search.counterparts
    doc_id TEXT NOT NULL REFERENCES documents,
    other_id TEXT NOT NULL REFERENCES documents,
    cosine REAL NOT NULL
);
CREATE INDEX items_file ON items (file_id);
CREATE INDEX items_site ON items (site);
CREATE INDEX documents_file ON documents (file_id);
CREATE INDEX documents_date ON documents (date, doc_id);
CREATE INDEX documents_source ON documents (source, doc_id);
CREATE INDEX documents_publisher ON documents (publisher, doc_id);
CREATE INDEX passages_doc ON passages (doc_id, row);
CREATE INDEX counterparts_doc ON counterparts (doc_id);
CREATE INDEX counterparts_other ON counterparts (other_id);
CREATE INDEX documents_copy ON documents (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX near_duplicates_leader ON near_duplicates (leader_id);
"""
