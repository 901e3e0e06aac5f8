import { ProviderSettings } from '@flywheel/domain/provider';

/** An endpoint as its makers document it, to begin from. */
export interface Preset {
  name: string;
  hint: string;
  settings: ProviderSettings;
}

const make = (name: string, hint: string, settings: object): Preset => ({
  name,
  hint,
  settings: ProviderSettings.parse(settings),
});

export const PRESETS: readonly Preset[] = [
  make('vLLM', 'Start it with: vllm serve MODEL. The model is named as it was started.', {
    id: 'local-vllm',
    kind: 'openai',
    baseUrl: 'http://127.0.0.1:8000/v1',
    limits: { concurrency: 256 },
  }),
  make('Ollama', 'Start it with: ollama serve, after ollama pull MODEL.', {
    id: 'ollama',
    kind: 'openai',
    baseUrl: 'http://127.0.0.1:11434/v1',
    limits: { concurrency: 4 },
  }),
  make('llama.cpp', 'Start it with: llama-server -m MODEL.gguf --parallel 4.', {
    id: 'llama-cpp',
    kind: 'openai',
    baseUrl: 'http://127.0.0.1:8080/v1',
    limits: { concurrency: 4 },
  }),
  make('OpenAI', 'Needs a key from its platform, or OPENAI_API_KEY in the environment of the server.', {
    id: 'openai',
    kind: 'openai',
    baseUrl: 'https://api.openai.com/v1',
  }),
  make('Anthropic', 'Needs a key from its console, or ANTHROPIC_API_KEY in the environment of the server.', {
    id: 'anthropic',
    kind: 'anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
  }),
  make('Local models', 'The models of the room Models, on the processor of the server: no key, no network.', {
    id: 'local',
    kind: 'local',
    baseUrl: null,
    limits: { concurrency: 8, timeoutSeconds: 600 },
  }),
  make('Replay', 'Answers from a recorded file in the folder recordings/ of the workspace.', {
    id: 'replay',
    kind: 'replay',
    baseUrl: null,
    recording: 'demo.jsonl',
    model: 'recorded',
  }),
];

/** A name like `wanted` that is not taken. */
export const freeName = (wanted: string, taken: readonly string[]): string => {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    if (!taken.includes(name)) return name;
  }
};
