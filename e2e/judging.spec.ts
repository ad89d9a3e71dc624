import { expect, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { looks, wear } from './fixtures/looks.ts';

/** One mistake for each kind of rule, and the rule of axe that has to name it. */
const mistakes = [
  ['color-contrast', '<p style="color: #999; background: #aaa">grey on grey</p>'],
  ['image-alt', '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">'],
  ['button-name', '<button></button>'],
  ['link-name', '<a href="#planted"></a>'],
  ['label', '<input type="text">'],
  ['select-name', '<select><option>one</option></select>'],
  ['aria-required-attr', '<div role="checkbox" aria-label="one" tabindex="0"></div>'],
  ['aria-valid-attr-value', '<div role="checkbox" aria-label="one" tabindex="0" aria-checked="perhaps"></div>'],
  ['aria-roles', '<div role="knob">turn it</div>'],
  ['aria-allowed-attr', '<div role="button" tabindex="0" aria-checked="true">one</div>'],
  ['aria-hidden-focus', '<div aria-hidden="true"><button>hidden</button></div>'],
  ['nested-interactive', '<button>outer <a href="#planted">inner</a></button>'],
  ['list', '<ul><p>no item</p></ul>'],
  ['listitem', '<li>no list</li>'],
  ['tabindex', '<a href="#planted" tabindex="5">before all others</a>'],
  ['heading-order', '<h6>far below</h6>'],
  ['empty-heading', '<h2></h2>'],
  ['region', '<p>beside every landmark</p>'],
  ['landmark-no-duplicate-main', '<div role="main">a second one</div>'],
] as const;

test('what judges every look finds a mistake of each kind, in a look that came later as well', async ({ start }) => {
  const running = await start();
  const { page } = running;
  await expectAccessible(page, 'as it is');
  for (const look of looks.slice(0, 2)) {
    await wear(running, look);
    await page.evaluate(
      (texts) => {
        const planted = document.createElement('div');
        planted.id = 'planted';
        // the content security policy takes no style from a text
        for (const text of texts) {
          const [, style] = /style="([^"]*)"/.exec(text) ?? [];
          planted.insertAdjacentHTML('beforeend', text.replace(/ style="[^"]*"/, ''));
          if (style && planted.lastElementChild instanceof HTMLElement) planted.lastElementChild.style.cssText = style;
        }
        document.body.append(planted);
      },
      mistakes.map(([, text]) => text),
    );
    const found = await expectAccessible(page, 'with mistakes').then(
      () => '',
      (error: Error) => error.message,
    );
    for (const [rule] of mistakes) expect(found, rule).toContain(`"${rule}: `);
    await page.evaluate(() => document.querySelector('#planted')?.remove());
    await expectAccessible(page, 'without them');
  }
});
