"""The tables of a catalog."""

SCHEMA_VERSION = 4  # raise with any change to these tables, to parsing or to splitting

SCHEMA = """
CREATE TABLE documents (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, kind TEXT NOT NULL,
  title TEXT NOT NULL, date TEXT, language TEXT, text TEXT NOT NULL, blocks TEXT NOT NULL, pages TEXT NOT NULL
);
CREATE TABLE page_labels (
  document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE, page INTEGER NOT NULL, label TEXT NOT NULL,
  PRIMARY KEY (document_id, page)
) WITHOUT ROWID;
CREATE TABLE also (path TEXT PRIMARY KEY, document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE);
CREATE INDEX also_by_document ON also(document_id);
CREATE TABLE skipped (path TEXT PRIMARY KEY, reason TEXT NOT NULL, sha256 TEXT);
CREATE TABLE passages (
  id INTEGER PRIMARY KEY, document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  start INTEGER NOT NULL, end INTEGER NOT NULL, page INTEGER, heading TEXT NOT NULL,
  text TEXT NOT NULL, search_text TEXT NOT NULL, vector_key TEXT NOT NULL, recognised INTEGER NOT NULL
);
CREATE INDEX passages_by_document ON passages(document_id);
CREATE INDEX passages_by_vector ON passages(vector_key);
CREATE TABLE sentences (
  passage_id INTEGER NOT NULL REFERENCES passages(id) ON DELETE CASCADE, start INTEGER NOT NULL,
  end INTEGER NOT NULL, kind TEXT NOT NULL, words TEXT, header_start INTEGER, header_end INTEGER,
  page INTEGER, row INTEGER,
  PRIMARY KEY (passage_id, start)
) WITHOUT ROWID;
CREATE TABLE vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(
  search_text, content='', tokenize="porter unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);
CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN
  INSERT INTO words(rowid, search_text) VALUES (new.id, spaced(new.search_text));
END;
CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
  INSERT INTO words(words, rowid, search_text) VALUES ('delete', old.id, spaced(old.search_text));
END;
"""
