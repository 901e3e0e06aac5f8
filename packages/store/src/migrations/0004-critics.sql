-- Critics, and what runs keep of the answers that they were given. The answers themselves lie in answers.sqlite, by content.
ALTER TABLE run ADD COLUMN repetitions UTINYINT DEFAULT 1;
ALTER TABLE run ADD COLUMN spend JSON;
ALTER TABLE run_result ADD COLUMN repetition UTINYINT DEFAULT 0;
ALTER TABLE run_result ADD COLUMN cause VARCHAR;   -- why it failed, see domain/critique.ts ItemCause
ALTER TABLE run_result ADD COLUMN detail VARCHAR;  -- JSON

CREATE TABLE run_answer (
  run INTEGER NOT NULL, trace UINTEGER NOT NULL, repetition UTINYINT NOT NULL,
  key VARCHAR NOT NULL,                 -- of the answer in answers.sqlite, 64 hex digits
  position SMALLINT,                    -- step >= 0, -1 clean, NULL: it did not parse
  category UTINYINT, confidence FLOAT, rationale VARCHAR NOT NULL,
  cached BOOLEAN NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
  cost DOUBLE,                          -- US dollars; 0 when cached, NULL where the model had no price
  model_ms FLOAT NOT NULL, queue_ms FLOAT NOT NULL, attempts USMALLINT NOT NULL, made_at TIMESTAMP NOT NULL
);
-- What a run without items found, e.g. a robustness suite.
CREATE TABLE run_report (run INTEGER PRIMARY KEY, body JSON NOT NULL);

CREATE TABLE critic (id VARCHAR PRIMARY KEY, archived BOOLEAN NOT NULL DEFAULT false);
CREATE TABLE critic_version (
  critic VARCHAR NOT NULL, number INTEGER NOT NULL, hash VARCHAR NOT NULL, title VARCHAR NOT NULL, parent INTEGER,
  body JSON NOT NULL, created_at TIMESTAMP NOT NULL
);
CREATE TABLE pin (critic VARCHAR NOT NULL, trace UINTEGER NOT NULL, ord INTEGER NOT NULL);
CREATE TABLE provider (id VARCHAR PRIMARY KEY, body JSON NOT NULL);
-- Each look at the test split of gold.
CREATE TABLE gold_use (critic VARCHAR NOT NULL, version INTEGER NOT NULL, run INTEGER, made_at TIMESTAMP NOT NULL);
