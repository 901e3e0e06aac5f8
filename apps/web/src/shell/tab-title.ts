import { type Room, roomInfo } from '../app/rooms.ts';

/** What a tab shows of its URL: `Samples: outcome:wrong`, `Samples 2`, `Run 41`, `Calibration: final-answer`. */
export const tabTitle = (id: string, room: Room, place: string): string => {
  const [, n] = id.split(':');
  const title = n === undefined ? roomInfo(room).title : `${roomInfo(room).title} ${n}`;
  const params = new URLSearchParams(place.split('?')[1] ?? '');
  const about = (name: string): string => {
    const value = params.get(name)?.trim() ?? '';
    return value === '' ? title : `${title}: ${value}`;
  };
  switch (room) {
    case 'samples':
    case 'review':
      return about('q');
    case 'critics':
      return about('critic');
    case 'runs':
      return params.has('run') ? `Run ${params.get('run')}` : title;
    case 'calibration':
      return about('judge');
    case 'models':
      return about('model');
    case 'sql':
    case 'import':
    case 'settings':
      return title;
  }
};
