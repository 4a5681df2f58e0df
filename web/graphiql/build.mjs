// Bundles GraphiQL into gzipped static files: node build.mjs [directory]
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { licensesOf } from './licenses.mjs';

const root = import.meta.dirname;
const target = process.argv[2] ?? join(root, '../../ecoctrl_gql/static/graphiql');

const common = {
  absWorkingDir: root,
  assetNames: '[name]',
  bundle: true,
  define: { 'process.env.NODE_ENV': '"production"' },
  format: 'esm',
  legalComments: 'none',
  loader: { '.ttf': 'file' },
  metafile: true,
  minify: true,
  outdir: 'out',
  target: 'es2022',
  write: false,
};

const page = await build({
  ...common,
  chunkNames: 'chunk-[hash]',
  entryPoints: { graphiql: 'main.jsx' },
  jsx: 'automatic',
  splitting: true,
});
// The page asks for the workers by name, so these names carry no hash.
const workers = await build({
  ...common,
  entryPoints: {
    'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
    'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
    'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
  },
});

const sources = [page, workers].flatMap(({ metafile }) => Object.keys(metafile.inputs));
const files = new Map([
  ['icon.svg', await readFile(join(root, 'icon.svg'))],
  ['LICENSES.txt', Buffer.from(await licensesOf(sources, root))],
]);
for (const { path, contents } of [...page.outputFiles, ...workers.outputFiles]) {
  const name = path.slice(join(root, 'out/').length);
  // graphiql.css holds the styles of all chunks; nothing loads a chunk's own.
  if (!/^chunk-.*\.css$/.test(name)) files.set(name, Buffer.from(contents));
}

// Compressors differ between releases of Node, so a file whose content is the same is left as it is.
async function isCurrent(path, contents) {
  try {
    return gunzipSync(await readFile(path)).equals(contents);
  } catch {
    return false;
  }
}

await mkdir(target, { recursive: true });
for (const name of await readdir(target)) {
  if (!files.has(name.replace(/\.gz$/, ''))) await rm(join(target, name));
}
let size = 0;
for (const [name, contents] of files) {
  const path = join(target, `${name}.gz`);
  if (!(await isCurrent(path, contents))) await writeFile(path, gzipSync(contents, { level: 9 }));
  size += (await readFile(path)).length;
}
console.log(`${files.size} files, ${(size / 1e6).toFixed(1)} MB gzipped, in ${target}`);
