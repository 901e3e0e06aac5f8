import type { CriticVersion } from '@flywheel/domain/critic';
import { ImproveConfig } from '@flywheel/domain/improve';
import type { Provider } from '@flywheel/domain/provider';
import { useState } from 'react';
import { z } from 'zod';
import { EstimateText } from './estimate-text.tsx';
import { ModelPicker, type Where } from './model-picker.tsx';
import { criticsServer } from './server.ts';
import { SuiteDialog } from './suite-dialog.tsx';
import { BUDGET_FIELDS, readSuite, type SuiteField } from './suite-fields.ts';

const Launch = ImproveConfig.extend({ query: z.string() });

const FIELDS: readonly SuiteField[] = [
  { name: 'calls', label: 'Questions of a search', placeholder: '600', min: 20 },
  { name: 'dev', label: 'Measured on, of dev', placeholder: '60', min: 4 },
  { name: 'train', label: 'Failures from, of train', placeholder: '120', min: 3 },
  { name: 'minibatch', label: 'Minibatch', placeholder: '3', min: 1 },
  { name: 'seed', label: 'Seed', placeholder: '1', min: 0 },
  { name: 'concurrency', label: 'Calls at once', placeholder: "the provider's", min: 1 },
  ...BUDGET_FIELDS,
];

/** Searches for a better prompt, from a version on. */
export const ImproveDialog = (p: {
  version: CriticVersion;
  providers: readonly Provider[];
  where: Where;
  onStarted: (run: number) => void;
  onClose: () => void;
}) => {
  const { critic, number } = p.version;
  const [writer, setWriter] = useState(p.where);
  const [baseline, setBaseline] = useState(true);
  const sides = ({ flawed, clean }: { flawed: number; clean: number }): string =>
    `${flawed} flawed, ${clean} clean`;
  return (
    <SuiteDialog
      {...p}
      title={`Improve ${critic} v${number}`}
      about="A model is shown what the prompt did on a few gold traces of train and writes a better one; it is taken if it is strictly better on those, and then measured on dev (GEPA). Test is not touched."
      sliceLabel="With gold among the traces that fit"
      fields={FIELDS}
      more={
        <>
          <div className="wide launch-where">
            <span className="t2 fs12">Prompts are written by</span>
            <ModelPicker providers={p.providers} where={writer} onChange={setWriter} />
          </div>
          <label className="wide check">
            <input type="checkbox" checked={baseline} onChange={(e) => setBaseline(e.target.checked)} />
            also spend as much on rewriting without seeing failures, to compare with
          </label>
        </>
      }
      read={(texts, where, query) =>
        readSuite(Launch, { critic, version: number, ...where, reflection: writer, baseline, query }, texts)
      }
      plan={criticsServer.planImprove}
      startable={(plan) => plan.dev.flawed + plan.dev.clean > 0 && plan.train.flawed + plan.train.clean > 0}
      start={criticsServer.launchImprove}
      planText={(plan, old) => (
        <div className={old ? 't3' : undefined}>
          <dl>
            <dt>gold of train</dt>
            <dd>{sides(plan.train)}</dd>
            <dt>gold of dev</dt>
            <dd>{sides(plan.dev)}</dd>
            <EstimateText estimate={plan} questions={plan.questions} />
          </dl>
          {plan.warnings.map((warning) => (
            <p className="warn" key={warning}>
              {warning}
            </p>
          ))}
        </div>
      )}
    />
  );
};
