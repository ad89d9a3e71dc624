// npm run setup: checks and repairs everything, without starting anything.
import { forget, ready } from './ready.mjs';
import { main, say } from './say.mjs';

await main(async () => {
  forget();
  await ready('app', ['app']);
  say('Everything is in place. `npm start` runs the app, `npm test` the tests.');
});
