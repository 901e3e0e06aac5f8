/** Answers by other means than the families': the runtime's own arithmetic, cancelling of brackets, replay on arrays. */
export const ORACLES: Readonly<Record<string, (prompt: string) => string>> = {
  arithmetic: (prompt) => {
    const spaced = prompt.slice(0, -1).replace(/\d+/g, '$&n').replace(/[-+*]/g, ' $& ');
    return String(new Function(`return ${spaced}`)());
  },
  addition: (prompt) => {
    const [a = '', b = ''] = prompt.slice(0, -1).split('+');
    return String(BigInt(a) + BigInt(b));
  },
  multiplication: (prompt) => {
    const [a = '', b = ''] = prompt.slice(0, -1).split('*');
    return String(BigInt(a) * BigInt(b));
  },
  dyck: (prompt) => {
    let open = prompt.slice(0, -1);
    for (let before = ''; before !== open; ) {
      before = open;
      open = open.replace(/\(\)|\[\]|\{\}|<>/g, '');
    }
    return [...open]
      .reverse()
      .map((one) => ')]}>'.charAt('([{<'.indexOf(one)))
      .join('');
  },
  objects: (prompt) => {
    const [start = '', rest = ''] = prompt.split(':');
    const [swaps = '', asked = ''] = rest.split('?');
    const people = start.replace(/[a-z]/g, '');
    const things = [...start.replace(/[A-Z]/g, '')];
    for (const swap of swaps.split(',')) {
      const [i, j] = [people.indexOf(swap.charAt(0)), people.indexOf(swap.charAt(1))];
      const held = things[i] ?? '';
      things[i] = things[j] ?? '';
      things[j] = held;
    }
    return things[people.indexOf(asked)] ?? '';
  },
};

/** Whether `3+4=7` or `7+8+0=15` is true. */
export const isTrue = (equation: string): boolean => {
  const [left = '', right = ''] = equation.split('=');
  return ORACLES.arithmetic?.(`${left}=`) === right;
};
