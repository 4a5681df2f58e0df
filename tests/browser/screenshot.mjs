// A picture of GraphiQL with a query and its answer:
//   node screenshot.mjs URL OUTPUT.png [--query FILE] [--login NAME] [--docs] [--dark] [--scale 2] [--chromium PATH]
// With --login the password is read from the environment variable PASSWORD.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { logIn } from './account.mjs';
import { openGraphiQL, run, writeOperation } from './browser.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    dark: { type: 'boolean', default: false },
    docs: { type: 'boolean', default: false },
    login: { type: 'string' },
    query: { type: 'string' },
    scale: { type: 'string', default: '1' },
  },
});
const [url, output] = positionals;
const { browser, page } = await openGraphiQL(url, {
  executablePath: values.chromium,
  colorScheme: values.dark ? 'dark' : 'light',
  scale: Number(values.scale),
});
if (values.login) await logIn(page, values.login, process.env.PASSWORD);
if (values.query) await writeOperation(page, await readFile(values.query, 'utf8'));
await run(page);
if (values.docs) await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
await page.mouse.move(0, 0);
await page.waitForTimeout(500); // tooltips and panels fade
await page.screenshot({ path: output });
await browser.close();
