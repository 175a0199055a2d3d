// Builds the loader and the chat into ui/dist/widget, each with its compressed
// forms beside it, prints what they weigh and fails over the budget.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

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
  metafile: true,
};

rmSync(out, { recursive: true, force: true });
const loader = await build({ ...common, entryPoints: { loader: 'src/loader/loader.ts' }, outdir: out });
const chat = await build({
  ...common,
  entryPoints: { chat: 'src/chat/chat.tsx' },
  entryNames: '[name]-[hash]',
  outdir: out + 'assets',
});

function compress(result) {
  const path = root + Object.keys(result.metafile.outputs)[0];
  const code = readFileSync(path);
  const br = brotliCompressSync(code, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: code.length },
  });
  const gz = gzipSync(code, { level: 9 });
  writeFileSync(path + '.br', br);
  writeFileSync(path + '.gz', gz);
  console.log(`${basename(path)}: ${code.length} bytes, gzip ${gz.length}, brotli ${br.length}`);
  return br.length;
}

const small = compress(loader);
const total = small + compress(chat);
console.log(`loader ${small} of ${budget.loader}, loader and chat ${total} of ${budget.total} bytes (brotli)`);
if (small > budget.loader || total > budget.total) {
  rmSync(out, { recursive: true }); // or the next build would take it for done
  console.error('The widget is over its size budget.');
  process.exit(1);
}
