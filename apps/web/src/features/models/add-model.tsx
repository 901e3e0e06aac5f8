import { Button } from '@flywheel/ui/button.tsx';
import { Popover } from '@flywheel/ui/popover.tsx';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { pickModel } from '../../app/picked-models.ts';
import { reason } from '../../app/reason.ts';
import { toast } from '../../app/toasts.ts';
import { MODELS, modelsServer } from './server.ts';

interface AddModelProps {
  /** By name. */
  onAdded: (model: string) => void;
}

/** A folder on the server's machine becomes a model of the workspace; one that is picked here is of this tab only. */
export const AddModel = (p: AddModelProps) => (
  <Popover trigger="Add a model" title="Add a model" className="btn sm">
    {(close) => <Form {...p} close={close} />}
  </Popover>
);

const Form = ({ onAdded, close }: AddModelProps & { close: () => void }) => {
  const cache = useQueryClient();
  const [path, setPath] = useState('');
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const add = async (): Promise<void> => {
    setBusy(true);
    try {
      if (path.trim().startsWith('hub:')) {
        const run = await modelsServer.download(path.trim(), name.trim());
        close();
        toast({
          text: `${run.subject} is being fetched`,
          link: { label: 'Follow', href: `/runs?run=${run.id}` },
        });
        return;
      }
      const added = await modelsServer.add(path.trim(), name.trim());
      await cache.invalidateQueries(MODELS);
      close();
      onAdded(added.id);
    } catch (error) {
      setProblem(reason(error));
    }
    setBusy(false);
  };
  const pick = async (files: File[]): Promise<void> => {
    try {
      const { name } = await pickModel(files);
      close();
      onAdded(name);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <form
      className="add-model"
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() !== '') void add();
      }}
    >
      <label>
        Folder on the server’s machine, or hub:owner/name
        <input
          className="field mono"
          value={path}
          spellCheck={false}
          placeholder="/models/SmolLM2-135M-Instruct"
          aria-invalid={problem !== ''}
          aria-describedby="add-model-problem"
          onChange={(e) => {
            setPath(e.target.value);
            setProblem('');
          }}
        />
      </label>
      <label>
        Name
        <input
          className="field mono"
          value={name}
          spellCheck={false}
          placeholder="the folder’s"
          onChange={(e) => setName(e.target.value)}
        />
      </label>
      <p id="add-model-problem" className="bad fs12" aria-live="polite">
        {problem}
      </p>
      <div className="row">
        <Button primary submit disabled={busy || path.trim() === ''}>
          Add
        </Button>
        <span className="t3 fs12">or</span>
        <label className="btn sm pick">
          Pick a folder for this tab
          <input
            type="file"
            // Browsers know the attribute; React's types do not.
            {...{ webkitdirectory: '' }}
            onChange={(e) => {
              const files = [...(e.target.files ?? [])];
              if (files.length > 0) void pick(files);
            }}
          />
        </label>
      </div>
      <p className="t3 fs12">
        A folder holds config.json, tokenizer.json and onnx/model*.onnx; its files stay where they are. Of a
        repository of the Hub (hub:owner/name@revision) the smallest graph is fetched into the workspace.
      </p>
    </form>
  );
};
