-- Which judges have a standing verdict on a trace, one bit a judge's code below 64: their facet is then counted in one scan of one column,
-- where `judgement` may hold several rows for each of a million traces. Follows from `judgement`, as the resolved flaw does.
ALTER TABLE trace ADD COLUMN judges UBIGINT DEFAULT 0;
UPDATE trace SET judges = j.bits FROM (
  SELECT trace, bit_or(1::UBIGINT << judge::UBIGINT) AS bits FROM (
    SELECT trace, judge, position FROM judgement QUALIFY row_number() OVER (PARTITION BY trace, judge ORDER BY ord DESC) = 1
  ) WHERE position IS NOT NULL AND judge < 64 GROUP BY trace
) j WHERE j.trace = trace.seq;
