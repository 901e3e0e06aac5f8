import type { CriticDetail } from './server.ts';

/** What there is to measure by, and how often the test split was looked at. */
export const GoldBox = ({ gold, testUses }: Pick<CriticDetail, 'gold' | 'testUses'>) => (
  <section className="gold-box">
    <header className="ph">
      <h2>Gold</h2>
      <span className="grow" />
      <span className="t3">by problem</span>
    </header>
    <dl>
      <dt>train</dt>
      <dd>{gold.train.toLocaleString('en')}</dd>
      <dt>dev</dt>
      <dd>{gold.dev.toLocaleString('en')}</dd>
      <dt>test</dt>
      <dd>{gold.test.toLocaleString('en')}</dd>
      <dt>flawed, clean</dt>
      <dd>
        {gold.flawed.toLocaleString('en')}, {gold.clean.toLocaleString('en')}
      </dd>
      <dt>test used</dt>
      <dd className={testUses.length > 0 ? 'warn' : ''}>
        {testUses.length === 1 ? 'once' : `${testUses.length} times`}
      </dd>
    </dl>
  </section>
);
