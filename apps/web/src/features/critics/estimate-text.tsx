/** What questions would take, in numbers. */
export const EstimateText = (p: {
  estimate: {
    cached: number;
    toCall: number;
    inputTokens: number;
    outputTokens: number;
    cost: number | null;
  };
  questions: number;
}) => (
  <>
    <dt>questions, at most</dt>
    <dd>
      {p.questions.toLocaleString('en')}, {p.estimate.cached.toLocaleString('en')} kept already
    </dd>
    <dt>tokens, at most</dt>
    <dd>
      about {p.estimate.inputTokens.toLocaleString('en')} in, {p.estimate.outputTokens.toLocaleString('en')}{' '}
      out
    </dd>
    <dt>cost, at most</dt>
    <dd>
      {p.estimate.cost === null ? 'unknown: the model has no price' : `about $${p.estimate.cost.toFixed(2)}`}
    </dd>
  </>
);
