/** A labelled number; empty leaves it to what the placeholder says. */
export const NumberField = (p: {
  label: string;
  value: number | string;
  placeholder?: string;
  min?: number;
  max?: number;
  step?: number | 'any';
  onText: (text: string) => void;
}) => {
  const { label, onText, ...rest } = p;
  return (
    <label>
      {label}
      <input className="field" type="number" {...rest} onChange={(e) => onText(e.target.value)} />
    </label>
  );
};
