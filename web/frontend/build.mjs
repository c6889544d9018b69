// Builds web/static/dist from src. The output is committed: running the product needs no Node.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { metafile } = await build({
  entryPoints: { editor: 'src/editor.js', viewer: 'src/viewer.js' },
  bundle: true,
  format: 'iife',
  target: 'es2020',
  minify: true,
  legalComments: 'none', // LICENSES.txt carries them
  metafile: true,
  outdir: '../static/dist',
  assetNames: '[name]',
  // The icon font as a file: the pages' content security policy takes no fonts from data addresses.
  loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty', '.eot': 'empty', '.svg': 'empty' },
});

writeFileSync('../static/dist/LICENSES.txt', licenses(Object.keys(metafile.inputs)));

/** The licence of every package that is in the bundle. */
function licenses(inputs) {
  const roots = new Set(inputs
    .map(path => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0])
    .filter(Boolean));
  return [ ...roots ].sort().map(root => {
    const { name, version, license } = JSON.parse(readFileSync(`${root}/package.json`));
    const file = [ 'LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license' ]
      .map(candidate => `${root}/${candidate}`).find(existsSync);
    return `${name} ${version} (${license})\n\n${file ? readFileSync(file, 'utf8') : ''}`;
  }).join(`\n${'-'.repeat(79)}\n`);
}
