import Markdown from 'react-markdown';
import rehypeKatex from 'rehype-katex';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';

/**
 * The text as Markdown with math. It is untrusted: no HTML, no images, links only to the web and opened apart;
 * KaTeX may neither define macros without bound nor reach URLs, and writes MathML, which needs no styles of its own.
 */
const Rendered = ({ text }: { text: string }) => (
  <div className="rendered">
    <Markdown
      remarkPlugins={[remarkGfm, remarkMath]}
      rehypePlugins={[
        [
          rehypeKatex,
          {
            output: 'mathml',
            trust: false,
            strict: 'ignore',
            throwOnError: false,
            maxExpand: 200,
            maxSize: 20,
          },
        ],
      ]}
      urlTransform={(url) => (/^https?:\/\//i.test(url) ? url : '')}
      components={{
        a: ({ href, children }) =>
          href ? (
            <a href={href} target="_blank" rel="noreferrer noopener nofollow" title={href}>
              {children}
            </a>
          ) : (
            <span>{children}</span>
          ),
        img: ({ alt, src }) => (
          <span className="t3">
            [image{alt ? `: ${alt}` : ''}
            {typeof src === 'string' && src !== '' ? ` ${src}` : ''}]
          </span>
        ),
      }}
    >
      {text}
    </Markdown>
  </div>
);

export default Rendered;
