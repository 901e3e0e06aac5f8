import type { CommandTrainerInput } from '../command-trainer.ts';
import { HUGGING_FACE_LOG, MODEL_FILES, PYTHON_ENV } from './hugging-face-log.ts';
import { trainingArguments } from './training-arguments.ts';

/**
 * A process reward model: two classes a step (Uesato et al. 2022, arXiv 2211.14275). TRL has no command for it, so the
 * script is here. PRMTrainer is one of its experiments: in 1.9.0, no more in 1.16.0.
 */
export const trlPrm: CommandTrainerInput = {
  name: 'TRL PRM',
  dataset: 'trl-stepwise',
  command: ['python', 'train_prm.py', '--config', '{config}'],
  files: {
    'prm.yaml': trainingArguments(`
learning_rate: 1.0e-5
per_device_train_batch_size: 8
max_length: 1024
`),
    'train_prm.py': `from transformers import AutoModelForTokenClassification, AutoTokenizer
from trl import DatasetMixtureConfig, ModelConfig, TrlParser, get_dataset

try:
    from trl.experimental.prm import PRMConfig, PRMTrainer
except ImportError:
    raise SystemExit("This TRL has no PRMTrainer. Install one that has: pip install trl==1.9.0")

parser = TrlParser((PRMConfig, ModelConfig, DatasetMixtureConfig))
training_args, model_args, dataset_args = parser.parse_args_and_config()
base = model_args.model_name_or_path
tokenizer = AutoTokenizer.from_pretrained(base)
model = AutoModelForTokenClassification.from_pretrained(base, num_labels=2)
trainer = PRMTrainer(
    model=model,
    args=training_args,
    processing_class=tokenizer,
    train_dataset=get_dataset(dataset_args)["train"],
)
trainer.train()
trainer.save_model(training_args.output_dir)
`,
  },
  env: PYTHON_ENV,
  secrets: ['HF_TOKEN'],
  timeBudget: 240,
  metrics: HUGGING_FACE_LOG,
  expects: MODEL_FILES,
};
