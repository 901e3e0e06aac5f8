import type { Plan } from './server.ts';

/** What a launch would do, in numbers. `old`: of what stood in the form a moment ago. */
export const PlanText = ({ plan, model, old }: { plan: Plan; model: string; old: boolean }) => (
  <div className={old ? 't3' : undefined}>
    <dl>
      <dt>answers</dt>
      <dd>
        {plan.items.toLocaleString('en')} of {plan.traces.toLocaleString('en')} traces
      </dd>
      <dt>kept already</dt>
      <dd>{plan.cached.toLocaleString('en')}</dd>
      <dt>calls to {model}</dt>
      <dd>
        {plan.toCall.toLocaleString('en')}, {plan.concurrency.toLocaleString('en')} at once
      </dd>
      <dt>tokens, at most</dt>
      <dd>
        {plan.inputTokens.toLocaleString('en')} in, {plan.outputTokens.toLocaleString('en')} out
      </dd>
      <dt>cost, at most</dt>
      <dd>{plan.cost === null ? 'unknown: the model has no price' : `$${plan.cost.toFixed(2)}`}</dd>
    </dl>
    {plan.warnings.map((warning) => (
      <p className="warn" key={warning}>
        {warning}
      </p>
    ))}
  </div>
);
