import * as jax from '@jax-js/jax';
import type { Batch } from './data/pack.ts';
import { huggingFaceWeights } from './llama/hugging-face.ts';
import { type DecoderShape, headSize } from './llama/shape.ts';
import type { BatchShape, Optimiser } from './llama/training-graph.ts';

type JaxArray = jax.numpy.Array;
type Tree = Record<string, JaxArray>;

/**
 * The same decoder, loss and optimiser written a second time, in jax-js on Hugging Face's weights: the oracle of the training graph,
 * and what its speed is compared with. jax-js counts references: what is used again is taken as `.ref`.
 */
export const jaxDecoder = async (
  shape: DecoderShape,
  { rows, length }: BatchShape,
  optimiser: Optimiser,
  vector: Float32Array,
): Promise<{
  step(batch: Batch, rate: number): Promise<number>;
  weights(): Promise<Map<string, Float32Array>>;
}> => {
  const { init, defaultDevice, numpy: np, jit, valueAndGrad, nn, tree } = jax;
  await init();
  defaultDevice('wasm');
  const { heads, keyHeads, hidden } = shape;
  const size = headSize(shape);
  let weights: Tree = Object.fromEntries(
    [...huggingFaceWeights(shape, vector)].map(([name, { dims, values }]) => [
      name,
      np.array(values).reshape([...dims]),
    ]),
  );
  const zeros = (): Tree => tree.map((a: JaxArray) => np.zerosLike(a), tree.ref(weights)) as Tree;
  let [mean, variance] = [zeros(), zeros()];
  let steps = 0;

  const table = (of: (angle: number) => number): JaxArray => {
    const angles = Float32Array.from({ length: length * size }, (_, i) =>
      of(Math.floor(i / size) * shape.ropeTheta ** (-((i % size) % (size / 2)) / (size / 2))),
    );
    return np.array(angles).reshape([1, length, 1, size]);
  };
  const [cosines, sines] = [table(Math.cos), table(Math.sin)];
  const normal = (x: JaxArray, gain: JaxArray): JaxArray => {
    const squares = np.square(x.ref).mean(-1, { keepdims: true }).add(shape.epsilon);
    return x.div(np.sqrt(squares)).mul(gain);
  };
  const linear = (x: JaxArray, weight: JaxArray): JaxArray => np.matmul(x, np.transpose(weight));
  const rotated = (x: JaxArray): JaxArray => {
    const [a, b] = np.split(x.ref, 2, -1) as [JaxArray, JaxArray];
    return x.mul(cosines.ref).add(np.concatenate([b.mul(-1), a], -1).mul(sines.ref));
  };
  const loss = (w: Tree, tokens: JaxArray, targets: JaxArray, bias: JaxArray, counts: JaxArray): JaxArray => {
    const of = (name: string): JaxArray => (w[name] as JaxArray).ref;
    const apart = (x: JaxArray, count: number): JaxArray => x.reshape([rows, length, count, size]);
    let stream = np.matmul(nn.oneHot(tokens, shape.vocabulary), of('model.embed_tokens.weight'));
    for (let layer = 0; layer < shape.layers; layer++) {
      const at = (name: string): JaxArray => of(`model.layers.${layer}.${name}.weight`);
      const x = normal(stream.ref, at('input_layernorm'));
      const q = rotated(apart(linear(x.ref, at('self_attn.q_proj')), heads));
      const k = rotated(apart(linear(x.ref, at('self_attn.k_proj')), keyHeads));
      const v = apart(linear(x, at('self_attn.v_proj')), keyHeads);
      const mixed = nn.dotProductAttention(q, k, v, { bias: bias.ref }).reshape([rows, length, heads * size]);
      stream = stream.add(linear(mixed, at('self_attn.o_proj')));
      const y = normal(stream.ref, at('post_attention_layernorm'));
      const gate = nn.silu(linear(y.ref, at('mlp.gate_proj'))).reshape([rows, length, hidden]);
      stream = stream.add(linear(gate.mul(linear(y, at('mlp.up_proj'))), at('mlp.down_proj')));
    }
    bias.dispose();
    const logits = linear(normal(stream, of('model.norm.weight')), of('model.embed_tokens.weight'));
    const nats = nn.logSoftmax(logits, -1).mul(nn.oneHot(targets, shape.vocabulary)).sum(-1).mul(-1);
    return nats.mul(counts).sum();
  };
  const { beta1, beta2, epsilon, weightDecay, clip } = optimiser;
  const step = jit(
    (
      w: Tree,
      m: Tree,
      v: Tree,
      tokens: JaxArray,
      targets: JaxArray,
      bias: JaxArray,
      counts: JaxArray,
      scalars: JaxArray,
    ) => {
      const [rate, correction1, correction2] = [0, 1, 2].map((i) => scalars.ref.slice(i)) as [
        JaxArray,
        JaxArray,
        JaxArray,
      ];
      scalars.dispose();
      const [value, g] = valueAndGrad(loss)(tree.ref(w), tokens, targets, bias, counts) as unknown as [
        JaxArray,
        Tree,
      ];
      const squares = Object.values(tree.ref(g) as Tree).map((part) => np.square(part).sum());
      const norm = np.sqrt(squares.reduce((a, b) => a.add(b)));
      const factor = np.minimum(np.array(1), np.array(clip).div(norm.add(1e-6)));
      const [nextW, nextM, nextV]: [Tree, Tree, Tree] = [{}, {}, {}];
      for (const name of Object.keys(w)) {
        const part = (g[name] as JaxArray).mul(factor.ref);
        const m2 = (m[name] as JaxArray).mul(beta1).add(part.ref.mul(1 - beta1));
        const v2 = (v[name] as JaxArray).mul(beta2).add(np.square(part).mul(1 - beta2));
        const change = m2.ref.mul(correction1.ref).div(np.sqrt(v2.ref.mul(correction2.ref)).add(epsilon));
        const decay = name.includes('norm') ? 0 : weightDecay;
        const before = w[name] as JaxArray;
        nextW[name] = before.ref.sub(change.add(before.mul(decay)).mul(rate.ref));
        nextM[name] = m2;
        nextV[name] = v2;
      }
      for (const one of [factor, rate, correction1, correction2]) one.dispose();
      return [value, nextW, nextM, nextV] as const;
    },
  ) as unknown as (...args: unknown[]) => [JaxArray, Tree, Tree, Tree];

  return {
    async step({ tokens, targets, segments, counts }, rate) {
      steps++;
      const of = (values: Int32Array | Float32Array, dims = [rows, length]): JaxArray =>
        np.array(values as never, values instanceof Int32Array ? { dtype: np.int32 } : {}).reshape(dims);
      const bias = new Float32Array(rows * length * length);
      for (let i = 0; i < bias.length; i++) {
        const [row, from, to] = [Math.floor(i / length ** 2), Math.floor(i / length) % length, i % length];
        if (to > from || segments[row * length + from] !== segments[row * length + to]) bias[i] = -1e9;
      }
      const scalars = np.array([rate, 1 / (1 - beta1 ** steps), 1 / (1 - beta2 ** steps)]);
      const made = step(
        weights,
        mean,
        variance,
        of(tokens),
        of(targets),
        of(bias, [rows, 1, length, length]),
        of(counts),
        scalars,
      );
      [, weights, mean, variance] = made;
      return Number(await made[0].jsAsync());
    },
    async weights() {
      const read = new Map<string, Float32Array>();
      for (const [name, array] of Object.entries(weights))
        read.set(name, (await array.ref.data()) as Float32Array);
      return read;
    },
  };
};
