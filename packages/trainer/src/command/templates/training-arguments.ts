/**
 * A config of TRL's commands (over transformers' TrainingArguments). A local file is read with
 * `datasets.load_dataset("json", data_files=...)`, which only the config file can say. Numbers keep a point before the exponent:
 * without it YAML 1.1 reads a text.
 *
 * @param own lines that differ from trainer to trainer
 */
export const trainingArguments = (own: string): string => `model_name_or_path: {base}
datasets:
  - path: json
    data_files: {dataset}
output_dir: {out}
max_steps: {budget}
seed: {seed}
${own.trim()}
logging_steps: 1
save_strategy: steps
save_steps: 100
save_total_limit: 2
report_to: none
`;
