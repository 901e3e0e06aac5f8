-- What the SQL tab offers: the store's codes as words, one row a trace, step, judgement.
CREATE VIEW problems AS
SELECT p.id, n.value AS task, p.ordinal, p.prompt, p.reference
FROM problem p JOIN name n ON n.kind = 'task' AND n.code = p.task;

CREATE VIEW traces AS
SELECT t.id, tn.value AS task, mn.value AS model, sn.value AS source, nullif(t.import_id, 0) AS import_id,
  p.id AS problem_id, p.ordinal AS problem_ordinal, p.prompt, p.reference, b.answer,
  ['unknown', 'right', 'wrong', 'none'][t.outcome + 1] AS outcome,
  [NULL, 'right', 'wrong'][t.given + 1] AS given,
  t.steps AS n_steps,
  CASE WHEN t.first_error >= 0 THEN t.first_error END AS first_error,
  CASE WHEN t.first_error = -1 THEN 'clean' WHEN t.first_error IS NOT NULL THEN 'flawed' END AS verdict,
  ['arithmetic', 'sign', 'operand', 'operation', 'misread', 'unsupported', 'skipped', 'unit', 'contradiction', 'format', 'broken', 'other'][t.category + 1] AS category,
  ['verifier', 'critic', 'local', 'human'][t.flaw_kind + 1] AS flaw_from,
  t.conflict, t.reviewed, t.flagged,
  from_json(b.steps, '["VARCHAR"]') AS steps, b.extra::JSON AS extra
FROM trace t
JOIN trace_body b ON b.seq = t.seq
JOIN problem p ON p.seq = t.problem
JOIN name tn ON tn.kind = 'task' AND tn.code = t.task
JOIN name mn ON mn.kind = 'model' AND mn.code = t.model
JOIN name sn ON sn.kind = 'source' AND sn.code = t.source;

CREATE VIEW steps AS
SELECT id AS trace_id, task, model, i - 1 AS step, steps[i] AS text
FROM (SELECT id, task, model, steps, unnest(range(1, len(steps) + 1)) AS i FROM traces);

CREATE VIEW judgements AS
SELECT t.id AS trace_id, n.value AS judge, ['outcome', 'steps'][j.scope + 1] AS scope,
  CASE WHEN j.position = -1 THEN 'clean' ELSE 'flawed' END AS verdict,
  CASE WHEN j.position >= 0 THEN j.position END AS first_error,
  ['arithmetic', 'sign', 'operand', 'operation', 'misread', 'unsupported', 'skipped', 'unit', 'contradiction', 'format', 'broken', 'other'][j.category + 1] AS category,
  j.confidence, j.rationale, j.labels, j.evidence::JSON AS evidence, j.version, j.imported, j.run_id, j.made_at
FROM judgement j JOIN trace t ON t.seq = j.trace JOIN name n ON n.kind = 'judge' AND n.code = j.judge
WHERE j.position IS NOT NULL;
