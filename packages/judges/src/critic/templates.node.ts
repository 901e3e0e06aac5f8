import { Environment } from 'minijinja-js';
import { CriticTemplates } from './render.ts';

/** The template engine in Node; there it is ready when it is imported. */
export const loadTemplates = async (): Promise<CriticTemplates> => new CriticTemplates(Environment);
