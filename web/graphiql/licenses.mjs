// The licenses of what is bundled ask that their text goes with every copy.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

async function licenseOf(directory) {
  const { name, version, license } = JSON.parse(await readFile(join(directory, 'package.json')));
  const names = (await readdir(directory)).filter((file) => /^(licen[cs]e|notice|thirdpartynotices)/i.test(file)).sort();
  const texts = await Promise.all(names.map((file) => readFile(join(directory, file), 'utf8')));
  return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join('\n\n');
}

/** The license texts of all packages that these source files (relative to root) belong to. */
export async function licensesOf(sources, root) {
  const directories = new Set(sources.flatMap((path) => PACKAGE.exec(path)?.[0] ?? []));
  const texts = await Promise.all([...directories].sort().map((directory) => licenseOf(join(root, directory))));
  return `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
