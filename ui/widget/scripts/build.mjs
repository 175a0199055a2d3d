// Builds the loader and the chat into ui/dist/widget, each with its compressed
// forms beside it, prints what they weigh and fails over the budget.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { minifySync } from 'rolldown/utils';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = fileURLToPath(new URL('../../dist/widget/', import.meta.url));

// Bytes after brotli: of the loader, and of the loader and the chat together.
const budget = { loader: 5 * 1024, total: 20 * 1024 };

// Style sheets become strings, for sheets that are constructed in the page.
const styles = {
  name: 'styles',
  setup(b) {
    b.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true, target: 'es2022' });
      return { contents: code.trim(), loader: 'text' };
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  plugins: [styles],
  write: false,
};

// One file of all that an entry imports. A second minifier takes another fiftieth.
async function bundle(entry) {
  const { outputFiles } = await build({ ...common, entryPoints: [entry] });
  const { code, errors } = minifySync(entry, outputFiles[0].text, { module: true, compress: { target: 'es2022' } });
  if (errors.length) throw new Error(`${entry}: ${errors[0].message}`);
  return Buffer.from(code.trim() + '\n');
}

function write(name, code) {
  const br = brotliCompressSync(code, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: code.length },
  });
  const gz = gzipSync(code, { level: 9 });
  writeFileSync(out + name, code);
  writeFileSync(out + name + '.br', br);
  writeFileSync(out + name + '.gz', gz);
  console.log(`${name}: ${code.length} bytes, gzip ${gz.length}, brotli ${br.length}`);
  return br.length;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out + 'assets', { recursive: true });
const loader = await bundle('src/loader/loader.ts');
const chat = await bundle('src/chat/chat.tsx');
const hash = createHash('sha256').update(chat).digest('hex').slice(0, 10);
const small = write('loader.js', loader);
const total = small + write(`assets/chat-${hash}.js`, chat);
console.log(`loader ${small} of ${budget.loader}, loader and chat ${total} of ${budget.total} bytes (brotli)`);
if (small > budget.loader || total > budget.total) {
  rmSync(out, { recursive: true }); // or the next build would take it for done
  console.error('The widget is over its size budget.');
  process.exit(1);
}
