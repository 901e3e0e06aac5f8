-- What local models found. On the trace: the newest of each, for filters and counts.
ALTER TABLE trace ADD COLUMN surprise UTINYINT;        -- of its most surprising step, in tenths of a nat a token, 255 at most
ALTER TABLE trace ADD COLUMN self_agreement UTINYINT;  -- percent of the samples of its problem that gave its answer

-- Append-only; the newest of each (trace, model) is shown.
CREATE TABLE trace_score (
  trace UINTEGER NOT NULL, run INTEGER NOT NULL, model VARCHAR NOT NULL, ran_on VARCHAR NOT NULL, -- JSON
  prompt_tokens INTEGER NOT NULL, tokens INTEGER NOT NULL,
  total DOUBLE NOT NULL,                -- nats
  most FLOAT, most_at SMALLINT,         -- nats a token of the most surprising step, and which it is; NULL without steps
  steps VARCHAR NOT NULL,               -- JSON: figures of each step's tokens
  made_at TIMESTAMP NOT NULL
);
-- A trace that a run wrote, and the one that it was written for.
CREATE TABLE trace_parent (
  trace UINTEGER NOT NULL, parent UINTEGER NOT NULL, kind VARCHAR NOT NULL, -- sample, fork
  step SMALLINT NOT NULL,               -- steps that it has of its parent
  sample USMALLINT NOT NULL, run INTEGER NOT NULL
);

CREATE VIEW scores AS
SELECT t.id AS trace_id, s.model, s.run AS run_id, s.tokens, s.total AS nats, s.most AS most_surprise, s.most_at AS most_surprising_step,
  s.ran_on::JSON AS ran_on, s.made_at
FROM trace_score s JOIN trace t ON t.seq = s.trace;

CREATE VIEW lineage AS
SELECT t.id AS trace_id, p.id AS parent_id, l.kind, l.step AS steps_kept, l.sample, l.run AS run_id
FROM trace_parent l JOIN trace t ON t.seq = l.trace JOIN trace p ON p.seq = l.parent;
