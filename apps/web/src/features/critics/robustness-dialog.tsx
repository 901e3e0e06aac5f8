import type { CriticVersion } from '@flywheel/domain/critic';
import type { Provider } from '@flywheel/domain/provider';
import { RobustnessConfig } from '@flywheel/domain/robustness';
import { z } from 'zod';
import { EstimateText } from './estimate-text.tsx';
import type { Where } from './model-picker.tsx';
import { criticsServer } from './server.ts';
import { SuiteDialog } from './suite-dialog.tsx';
import { BUDGET_FIELDS, readSuite, type SuiteField } from './suite-fields.ts';

const Launch = RobustnessConfig.extend({ query: z.string() });

const FIELDS: readonly SuiteField[] = [
  { name: 'perClass', label: 'Cases of each kind', placeholder: '20', min: 1 },
  { name: 'seed', label: 'Seed', placeholder: '1', min: 0 },
  { name: 'concurrency', label: 'Calls at once', placeholder: "the provider's", min: 1 },
  ...BUDGET_FIELDS,
];

/** Tries a version on changed traces. */
export const RobustnessDialog = (p: {
  version: CriticVersion;
  providers: readonly Provider[];
  where: Where;
  onStarted: (run: number) => void;
  onClose: () => void;
}) => {
  const { critic, number } = p.version;
  return (
    <SuiteDialog
      {...p}
      title={`Robustness of ${critic} v${number}`}
      about="Traces whose first error is known are changed in five ways; a critic that reads the steps is not misled by any. Unchanged ones are asked twice, to show the noise."
      sliceLabel="Of the traces that fit"
      fields={FIELDS}
      read={(texts, where, query) => readSuite(Launch, { critic, version: number, ...where, query }, texts)}
      plan={criticsServer.planRobustness}
      startable={(plan) => plan.questions > 0}
      start={criticsServer.launchRobustness}
      planText={(plan, old) => (
        <div className={old ? 't3' : undefined}>
          <dl>
            <dt>traces with a known first error</dt>
            <dd>{plan.known.toLocaleString('en')}</dd>
            <dt>cases</dt>
            <dd>
              {Object.entries(plan.cases)
                .map(([name, n]) => `${n} ${name}`)
                .join(', ')}
            </dd>
            <EstimateText estimate={plan} questions={plan.questions} />
          </dl>
          {plan.questions === 0 && (
            <p className="warn">
              No case can be made: import labelled traces, review some, or run the verifiers’ kind of problem.
            </p>
          )}
        </div>
      )}
    />
  );
};
