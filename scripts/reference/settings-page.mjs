import { settingNames, settingRules } from '../../src/core/settings/setting-rules.ts';
import { code, page, table } from './markdown.mjs';

export function settingsPage() {
  const rules = settingNames.map((name) => settingRules[name]);
  return page(
    'Settings',
    'Each setting is read from the environment, then from `.env` in the working folder, then from the settings file (`weightroom config path` prints where it is); the first that has it wins, and an empty value counts as not set. A value that cannot be used is refused with a sentence that names the key and the fix, also where a stronger source hides it. Settings are read when the program starts.',
    table(
      ['Key', 'Meaning', 'Values', 'Default'],
      rules.map(({ key, description, values, defaultText }) => [
        code(key),
        description,
        values,
        code(defaultText ?? '') || (key === 'APP_DATA_DIR' ? 'by platform, see below' : 'none'),
      ]),
    ),
    '`APP_DATA_DIR` is by default `%APPDATA%\\Weightroom` on Windows, else `$XDG_DATA_HOME/weightroom`, which is `~/.local/share/weightroom` where nothing else is set. It cannot stand in the settings file, because that file lies in it. The format of the file: [settings-file.md](../formats/settings-file.md).',
  );
}
