-- Standing judges whose code has no bit in `trace.judges`: each version of a critic is a judge, so there may be hundreds.
-- Follows from `judgement`, as the bits do.
CREATE TABLE trace_judge (trace UINTEGER NOT NULL, judge USMALLINT NOT NULL);
INSERT INTO trace_judge SELECT trace, judge FROM (
  SELECT trace, judge, position FROM judgement WHERE judge >= 62 QUALIFY row_number() OVER (PARTITION BY trace, judge ORDER BY ord DESC) = 1
) WHERE position IS NOT NULL;
