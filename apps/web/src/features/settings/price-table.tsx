import type { ProviderSettings } from '@flywheel/domain/provider';
import { Button } from '@flywheel/ui/button.tsx';
import { useState } from 'react';

type Prices = ProviderSettings['prices'];

/** Dollars a million tokens, by model; `*` is for those that are not named. */
export const PriceTable = ({
  prices,
  problem,
  onChange,
}: {
  prices: Prices;
  problem: string;
  onChange: (prices: Prices) => void;
}) => {
  const [model, setModel] = useState('');
  const names = Object.keys(prices).sort();
  const set = (name: string, side: 'input' | 'output', text: string): void =>
    onChange({
      ...prices,
      [name]: { ...(prices[name] ?? { input: 0, output: 0 }), [side]: Math.max(0, Number(text) || 0) },
    });
  const drop = (name: string): void => {
    const { [name]: _gone, ...rest } = prices;
    onChange(rest);
  };
  const wanted = model.trim() || '*';
  return (
    <fieldset className="prices">
      <legend>Prices, US dollars a million tokens</legend>
      {names.length > 0 && (
        <table className="tbl wide">
          <thead>
            <tr>
              <th>Model</th>
              <th className="price">In</th>
              <th className="price">Out</th>
              <th className="act">
                <span className="sr">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <td className="mono" title={name}>
                  {name === '*' ? 'every other model' : name}
                </td>
                {(['input', 'output'] as const).map((side) => (
                  <td key={side}>
                    <input
                      className="field"
                      type="number"
                      min={0}
                      step="any"
                      aria-label={`${name}, ${side}`}
                      value={prices[name]?.[side] ?? 0}
                      onChange={(e) => set(name, side, e.target.value)}
                    />
                  </td>
                ))}
                <td>
                  <Button small ghost onClick={() => drop(name)}>
                    Remove
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {problem !== '' && (
        <p className="bad wide" role="alert">
          {problem}
        </p>
      )}
      {names.length === 0 && (
        <p className="t2 wide">Without prices costs are unknown, and a budget in dollars cannot be kept.</p>
      )}
      <label>
        Model, or nothing for every other
        <input
          className="field mono"
          value={model}
          spellCheck={false}
          onChange={(e) => setModel(e.target.value)}
        />
      </label>
      <div className="end">
        <Button
          disabled={Object.hasOwn(prices, wanted)}
          onClick={() => {
            onChange({ ...prices, [wanted]: { input: 0, output: 0 } });
            setModel('');
          }}
        >
          Add a price
        </Button>
      </div>
    </fieldset>
  );
};
