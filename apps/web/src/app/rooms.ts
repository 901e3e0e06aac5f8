/** The rooms of the workbench: what can be opened as a tab. `letter` follows `g`; `path` is the first part of the URL. */
export const ROOMS = [
  { id: 'samples', path: '/samples', title: 'Samples', letter: 's' },
  { id: 'review', path: '/review', title: 'Review', letter: 'r' },
  { id: 'critics', path: '/critics', title: 'Critics', letter: 't' },
  { id: 'models', path: '/models', title: 'Models', letter: 'm' },
  { id: 'runs', path: '/runs', title: 'Runs', letter: 'u' },
  { id: 'calibration', path: '/calibration', title: 'Calibration', letter: 'c' },
  { id: 'sql', path: '/sql', title: 'SQL', letter: 'q' },
  { id: 'import', path: '/import', title: 'Import', letter: 'i' },
  { id: 'settings', path: '/settings', title: 'Settings', letter: 'e' },
] as const;

export type Room = (typeof ROOMS)[number]['id'];

/** The room that a path (`/samples`, `/samples?q=...`) names; null when it names none. */
export const roomOf = (href: string): Room | null => {
  const [path] = href.split(/[?#]/);
  return ROOMS.find((room) => room.path === path)?.id ?? null;
};

export const roomInfo = (room: Room): (typeof ROOMS)[number] => {
  const found = ROOMS.find((r) => r.id === room);
  if (!found) throw new Error(`There is no room ${room}.`);
  return found;
};
