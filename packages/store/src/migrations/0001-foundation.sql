-- Narrow tables hold what is filtered, sorted and counted; wide ones hold text.
-- Codes (task, model, ...) are small integers into `name`, so that facets count in a perfect hash table.

CREATE SEQUENCE import_id; CREATE SEQUENCE run_id; CREATE SEQUENCE slice_id; CREATE SEQUENCE selection_id;

-- Dictionary of names: kind is 'task', 'model', 'source', 'tag' or 'judge'; code is dense per kind, from 0.
CREATE TABLE name (kind VARCHAR NOT NULL, code USMALLINT NOT NULL, value VARCHAR NOT NULL);

CREATE TABLE import (
  id INTEGER PRIMARY KEY DEFAULT nextval('import_id'),
  title VARCHAR NOT NULL,               -- file names
  mapping JSON NOT NULL,
  state VARCHAR NOT NULL,               -- running, done, cancelled, failed
  imported BIGINT NOT NULL DEFAULT 0, duplicates BIGINT NOT NULL DEFAULT 0, rejected BIGINT NOT NULL DEFAULT 0,
  rejects_file VARCHAR,                 -- relative to the home
  started_at TIMESTAMP NOT NULL, ended_at TIMESTAMP
);

CREATE TABLE problem (
  seq UINTEGER NOT NULL,                -- dense, 0-based
  id VARCHAR NOT NULL,                  -- 16 hex digits
  task USMALLINT NOT NULL, ordinal UINTEGER NOT NULL,
  prompt VARCHAR NOT NULL, reference VARCHAR
);

CREATE TABLE trace (
  seq UINTEGER NOT NULL,                -- dense, 0-based, in order of arrival
  id VARCHAR NOT NULL,
  problem UINTEGER NOT NULL,            -- problem.seq
  task USMALLINT NOT NULL, model USMALLINT NOT NULL, source USMALLINT NOT NULL,
  import_id USMALLINT NOT NULL,         -- 0 = none
  given UTINYINT NOT NULL,              -- 0 not given, 1 right, 2 wrong
  outcome UTINYINT NOT NULL,            -- 0 unknown, 1 right, 2 wrong, 3 none (no answer)
  steps USMALLINT NOT NULL,
  -- resolved flaw; positions: step >= 0, -1 clean, -2 unlocated, NULL no judgement
  first_error SMALLINT, category UTINYINT, flaw_kind UTINYINT,   -- category: index into CATEGORIES; kind: 0 V 1 C 2 L 3 H
  verifier_at SMALLINT, critic_at SMALLINT, local_at SMALLINT, human_at SMALLINT,
  conflict BOOLEAN NOT NULL DEFAULT false,
  reviewed BOOLEAN NOT NULL DEFAULT false,
  flagged BOOLEAN NOT NULL DEFAULT false,
  usefulness UTINYINT NOT NULL DEFAULT 0 -- order of the review queue: 3 conflict, 2 convincing wrong answer, 1 rest, 0 reviewed
);

CREATE TABLE trace_body (
  seq UINTEGER NOT NULL,
  steps VARCHAR NOT NULL,               -- JSON array of strings, verbatim
  answer VARCHAR,
  extra VARCHAR,                        -- JSON object of unmapped fields, NULL when there are none
  strip VARCHAR                         -- resolved step labels, '+0-.' a step; NULL when nobody looked
);

-- Append-only; for each (trace, judge) the newest `ord` wins.
CREATE TABLE judgement (
  ord BIGINT NOT NULL, trace UINTEGER NOT NULL, judge USMALLINT NOT NULL,
  scope UTINYINT NOT NULL,              -- 0 outcome, 1 steps
  position SMALLINT,                    -- encoded; NULL = withdrawn (an undo)
  labels VARCHAR NOT NULL, category UTINYINT, confidence FLOAT,
  rationale VARCHAR NOT NULL, evidence VARCHAR,  -- JSON
  version VARCHAR NOT NULL, imported BOOLEAN NOT NULL, run_id INTEGER, made_at TIMESTAMP NOT NULL
);

CREATE TABLE review (
  ord BIGINT NOT NULL, id VARCHAR NOT NULL, trace UINTEGER NOT NULL, reviewer VARCHAR NOT NULL, action VARCHAR NOT NULL,
  body JSON NOT NULL,                   -- the whole Review
  made_at TIMESTAMP NOT NULL
);

CREATE TABLE trace_tag (trace UINTEGER NOT NULL, tag USMALLINT NOT NULL);

CREATE TABLE slice (
  id INTEGER PRIMARY KEY DEFAULT nextval('slice_id'),
  name VARCHAR NOT NULL UNIQUE, query VARCHAR NOT NULL, created_at TIMESTAMP NOT NULL
);

CREATE TABLE selection (
  id INTEGER PRIMARY KEY DEFAULT nextval('selection_id'),
  name VARCHAR NOT NULL UNIQUE, query VARCHAR NOT NULL, created_at TIMESTAMP NOT NULL
);
CREATE TABLE selection_item (selection INTEGER NOT NULL, trace UINTEGER NOT NULL);

CREATE TABLE run (
  id INTEGER PRIMARY KEY DEFAULT nextval('run_id'),
  kind VARCHAR NOT NULL, title VARCHAR NOT NULL, state VARCHAR NOT NULL, subject VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL,
  config JSON NOT NULL, total BIGINT, done BIGINT NOT NULL DEFAULT 0, failed BIGINT NOT NULL DEFAULT 0, skipped BIGINT NOT NULL DEFAULT 0,
  error VARCHAR, result JSON NOT NULL DEFAULT '{}',
  created_at TIMESTAMP NOT NULL, started_at TIMESTAMP, ended_at TIMESTAMP
);
-- A run is a query minus its results: an item without a state row is still to do.
CREATE TABLE run_item (run INTEGER NOT NULL, trace UINTEGER NOT NULL);
CREATE TABLE run_result (run INTEGER NOT NULL, trace UINTEGER NOT NULL, state UTINYINT NOT NULL, error VARCHAR); -- 0 done, 1 not applicable, 2 failed

-- Undo log of bulk acts (flag, tag): what to restore, newest first.
CREATE TABLE bulk_act (id BIGINT NOT NULL, act VARCHAR NOT NULL, detail JSON NOT NULL, undone BOOLEAN NOT NULL DEFAULT false, made_at TIMESTAMP NOT NULL);
CREATE TABLE bulk_act_item (act BIGINT NOT NULL, trace UINTEGER NOT NULL);

CREATE TABLE setting (key VARCHAR PRIMARY KEY, value JSON NOT NULL);
