export { ImportPage as default } from '../../features/imports/import-page.tsx';
