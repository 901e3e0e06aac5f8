-- What a run paid for answers that a retry threw away (JSON: calls, inputTokens, outputTokens, cost): its budget counts them.
ALTER TABLE run ADD COLUMN reopened JSON;
