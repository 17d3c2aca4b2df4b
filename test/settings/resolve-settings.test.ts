import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingSchema } from '../../src/contract/settings.ts';
import { appDataInsideRoot } from '../../src/core/settings/app-data-place.ts';
import { nearestKey } from '../../src/core/settings/nearest-key.ts';
import { resolveAppDataDir, resolveSettings, type SettingsSources } from '../../src/core/settings/resolve-settings.ts';
import { settingKeys } from '../../src/core/settings/setting-rules.ts';

const nothing: SettingsSources = {
  environment: {},
  envFile: null,
  settingsFile: null,
  defaultAppDataDir: '/home/you/.local/share/weightroom',
  platform: 'posix',
};

function withEnvironment(environment: Record<string, string>, platform: 'posix' | 'win32' = 'posix'): SettingsSources {
  const defaultAppDataDir =
    platform === 'win32' ? 'C:\\Users\\you\\AppData\\Roaming\\Weightroom' : nothing.defaultAppDataDir;
  return { ...nothing, environment, platform, defaultAppDataDir };
}

test('with nothing set, the defaults hold', () => {
  const { values, settings, warnings } = resolveSettings(nothing);
  assert.deepEqual(values, {
    localModelsRoot: null,
    lakeModelsRoot: null,
    localAllowDelete: false,
    lakeAllowDelete: false,
    queueConcurrency: 1,
    queueRetryCount: 3,
    hashAlgo: 'blake3',
    hashWorkers: 2,
    appDataDir: '/home/you/.local/share/weightroom',
    host: 'localhost',
    port: 4810,
    modelExtensions: ['.safetensors', '.sft', '.ckpt', '.pt', '.pt2', '.pth', '.bin', '.gguf', '.onnx', '.pkl'],
    ignoreGlobs: [],
  });
  assert.deepEqual(
    settings.map(({ key }) => key),
    settingKeys,
  );
  assert.ok(
    settings.every(
      ({ source, origin, value, defaultValue }) => source === 'default' && origin === null && value === defaultValue,
    ),
  );
  for (const setting of settings) settingSchema.parse(setting);
  assert.deepEqual(warnings, []);
});

test('the environment is stronger than .env, .env than the settings file, and that than the default', () => {
  const sources: SettingsSources = {
    ...nothing,
    environment: { HASH_WORKERS: '4', QUEUE_CONCURRENCY: '' },
    envFile: { path: '/w/.env', values: { HASH_WORKERS: '5', QUEUE_CONCURRENCY: '2', QUEUE_RETRY_COUNT: '  ' } },
    settingsFile: {
      path: '/d/settings.json',
      values: { HASH_WORKERS: '6', QUEUE_CONCURRENCY: '3', QUEUE_RETRY_COUNT: '7' },
    },
  };
  const { values, settings } = resolveSettings(sources);
  assert.deepEqual([values.hashWorkers, values.queueConcurrency, values.queueRetryCount, values.port], [4, 2, 7, 4810]);
  const from = Object.fromEntries(settings.map(({ key, source, origin }) => [key, [source, origin]]));
  assert.deepEqual(from.HASH_WORKERS, ['environment', null]);
  assert.deepEqual(from.QUEUE_CONCURRENCY, ['env-file', '/w/.env']);
  assert.deepEqual(from.QUEUE_RETRY_COUNT, ['settings-file', '/d/settings.json']);
  assert.deepEqual(from.WEIGHTROOM_PORT, ['default', null]);
});

test('good values', () => {
  const rows: readonly (readonly [string, string, string, unknown])[] = [
    ['LOCAL_MODELS_ROOT', ' /data/models/ ', 'localModelsRoot', '/data/models'],
    ['LAKE_MODELS_ROOT', '/mnt/nas/./models', 'lakeModelsRoot', '/mnt/nas/models'],
    ['LOCAL_ALLOW_DELETE', 'TRUE', 'localAllowDelete', true],
    ['LAKE_ALLOW_DELETE', 'on', 'lakeAllowDelete', true],
    ['LAKE_ALLOW_DELETE', '0', 'lakeAllowDelete', false],
    ['QUEUE_CONCURRENCY', '16', 'queueConcurrency', 16],
    ['QUEUE_RETRY_COUNT', '0', 'queueRetryCount', 0],
    ['HASH_ALGO', 'BLAKE3', 'hashAlgo', 'blake3'],
    ['HASH_WORKERS', '08', 'hashWorkers', 8],
    ['WEIGHTROOM_HOST', '[::1]', 'host', '::1'],
    ['WEIGHTROOM_PORT', '0', 'port', 0],
    ['WEIGHTROOM_PORT', '65535', 'port', 65535],
    ['MODEL_EXTENSIONS', 'safetensors, .GGUF; .tar.gz .gguf', 'modelExtensions', ['.safetensors', '.gguf', '.tar.gz']],
    ['IGNORE_GLOBS', '**/*.tmp; old stuff, really/** ;', 'ignoreGlobs', ['**/*.tmp', 'old stuff, really/**']],
  ];
  for (const [key, text, name, expected] of rows) {
    const { values } = resolveSettings(withEnvironment({ [key]: text }));
    assert.deepEqual(values[name as keyof typeof values], expected, `${key}=${text}`);
  }
});

test('lists are shown in a form that can be written back', () => {
  const shown = resolveSettings(withEnvironment({ IGNORE_GLOBS: '.a/** ;.b b', MODEL_EXTENSIONS: 'x,y' })).settings;
  const again = resolveSettings(
    withEnvironment(Object.fromEntries(shown.map(({ key, value }) => [key, String(value ?? '')]))),
  );
  assert.deepEqual(again.values.ignoreGlobs, ['.a/**', '.b b']);
  assert.deepEqual(again.values.modelExtensions, ['.x', '.y']);
});

test('Windows paths', () => {
  const { values } = resolveSettings(
    withEnvironment({ LOCAL_MODELS_ROOT: 'd:/AI/models/', LAKE_MODELS_ROOT: '\\\\nas\\ai\\models' }, 'win32'),
  );
  assert.equal(values.localModelsRoot, 'D:\\AI\\models');
  assert.equal(values.lakeModelsRoot, '\\\\nas\\ai\\models');
});

const badValues: readonly (readonly [string, string, RegExp, ('posix' | 'win32')?])[] = [
  ['LOCAL_MODELS_ROOT', 'models', /not a full path/],
  ['LOCAL_MODELS_ROOT', '~/models', /home folder/],
  ['LOCAL_MODELS_ROOT', 'D:\\models', /not a full path/],
  ['LAKE_MODELS_ROOT', '/a\0b', /NUL/],
  ['LAKE_MODELS_ROOT', 'C:models', /current folder/, 'win32'],
  ['LAKE_MODELS_ROOT', '\\models', /which drive/, 'win32'],
  ['LAKE_MODELS_ROOT', 'D:\\AI\new', /read as a line break/, 'win32'],
  ['LOCAL_ALLOW_DELETE', 'maybe', /true or false/],
  ['LAKE_ALLOW_DELETE', '2', /true or false/],
  ['QUEUE_CONCURRENCY', '0', /whole number from 1 to 16/],
  ['QUEUE_CONCURRENCY', '1.5', /whole number/],
  ['QUEUE_CONCURRENCY', '1e1', /whole number/],
  ['QUEUE_RETRY_COUNT', '-1', /whole number from 0 to 20/],
  ['QUEUE_RETRY_COUNT', 'three', /whole number/],
  ['HASH_ALGO', 'sha256', /must be blake3/],
  ['HASH_WORKERS', '0x2', /whole number from 1 to 32/],
  ['HASH_WORKERS', '99999999999999999999', /whole number/],
  ['APP_DATA_DIR', 'data', /not a full path/],
  ['WEIGHTROOM_HOST', '0.0.0.0', /this machine only/],
  ['WEIGHTROOM_HOST', '192.168.1.10', /this machine only/],
  ['WEIGHTROOM_HOST', 'example.org', /this machine only/],
  ['WEIGHTROOM_PORT', '65536', /0 to 65535/],
  ['WEIGHTROOM_PORT', 'http', /0 to 65535/],
  ['MODEL_EXTENSIONS', '*.ckpt', /not a file extension/],
  ['MODEL_EXTENSIONS', 'a/b', /not a file extension/],
  ['MODEL_EXTENSIONS', ',', /at least one/],
  ['IGNORE_GLOBS', 'a\\b', /write “\/”/],
  ['IGNORE_GLOBS', '../x', /must not contain/],
];

test('a bad value is refused with its key, its value, its place and the fix, from every source', () => {
  for (const [key, text, problem, platform = 'posix'] of badValues) {
    const base = withEnvironment({}, platform);
    const written = { path: '/somewhere/file', values: { [key]: text } };
    const places: readonly (readonly [string, SettingsSources])[] = [
      ['the environment', { ...base, environment: { [key]: text } }],
      ['/somewhere/file', { ...base, envFile: written }],
      ...(key === 'APP_DATA_DIR' ? [] : [['/somewhere/file', { ...base, settingsFile: written }] as const]),
    ];
    for (const [place, sources] of places) {
      assert.throws(
        () => resolveSettings(sources),
        (thrown: Error & { code?: string; hint?: string }) => {
          assert.equal(thrown.code, 'INVALID_SETTING');
          assert.match(thrown.message, problem);
          assert.ok(thrown.message.startsWith(`${key} is “`), thrown.message);
          assert.ok(thrown.message.includes(` in ${place}, but `), thrown.message);
          assert.match(thrown.hint ?? '', new RegExp(`^Set ${key} to `));
          assert.doesNotMatch(thrown.message, /[\p{Cc}]/u);
          return true;
        },
        `${key}=${JSON.stringify(text)} in ${place}`,
      );
    }
  }
});

test('every setting has a bad value in the table above', () => {
  assert.deepEqual(new Set(badValues.map(([key]) => key)), new Set(settingKeys));
});

test('a bad value in a weaker source is refused although a stronger one hides it', () => {
  const sources = {
    ...withEnvironment({ HASH_WORKERS: '2' }),
    envFile: { path: '/w/.env', values: { HASH_WORKERS: 'two' } },
  };
  assert.throws(() => resolveSettings(sources), {
    code: 'INVALID_SETTING',
    message: /HASH_WORKERS is “two” in \/w\/\.env/,
  });
});

test('two roots that overlap are refused by name', () => {
  const rows = [
    ['/data', '/data/', /is the same folder as/],
    ['/data/models', '/data', /lies inside/],
    ['/data', '/data/models', /contains/],
  ] as const;
  for (const [local, lake, message] of rows) {
    const sources = withEnvironment({ LOCAL_MODELS_ROOT: local, LAKE_MODELS_ROOT: lake });
    assert.throws(() => resolveSettings(sources), { code: 'INVALID_SETTING', message });
  }
  resolveSettings(withEnvironment({ LOCAL_MODELS_ROOT: '/media/usb', LAKE_MODELS_ROOT: '/media/usb_backup' }));
  assert.throws(
    () => resolveSettings(withEnvironment({ LOCAL_MODELS_ROOT: 'D:\\m', LAKE_MODELS_ROOT: 'd:/M/x' }, 'win32')),
    { code: 'INVALID_SETTING' },
  );
});

test('the app-data folder comes from the environment or .env, never from the settings file', () => {
  const { settingsFile: _, ...rest } = nothing;
  assert.equal(resolveAppDataDir(rest), '/home/you/.local/share/weightroom');
  assert.equal(resolveAppDataDir({ ...rest, envFile: { path: '/w/.env', values: { APP_DATA_DIR: '/d/' } } }), '/d');
  assert.equal(resolveAppDataDir({ ...rest, environment: { APP_DATA_DIR: '/e' } }), '/e');
  const inFile = { ...nothing, settingsFile: { path: '/d/settings.json', values: { APP_DATA_DIR: '/x' } } };
  assert.throws(() => resolveSettings(inFile), {
    code: 'INVALID_SETTING',
    message: /APP_DATA_DIR cannot be set in \/d\/settings\.json/,
  });
});

test('a misspelt key in .env is pointed out and has no effect', () => {
  const { warnings, values } = resolveSettings({
    ...nothing,
    environment: { WEIGHTROOM_PROT: '1', HOST: 'x', PORT: 'y', PATH: '/bin' },
    envFile: {
      path: '/w/.env',
      values: { HASH_WORKER: '9', LOCAL_MODEL_ROOT: '/x', DATABASE_URL: 'postgres://', PORT: '3000' },
    },
  });
  assert.equal(values.hashWorkers, 2);
  assert.equal(warnings.length, 3);
  assert.match(warnings[0] ?? '', /HASH_WORKER in \/w\/\.env is not a setting.*did you mean HASH_WORKERS\?/);
  assert.match(warnings[2] ?? '', /did you mean WEIGHTROOM_PORT\?/);
});

test('the nearest key', () => {
  assert.equal(nearestKey('hashWorkers'), 'HASH_WORKERS');
  assert.equal(nearestKey('hash-workers'), 'HASH_WORKERS');
  assert.equal(nearestKey('LOCAL_MODELS_ROT'), 'LOCAL_MODELS_ROOT');
  assert.equal(nearestKey('theme'), null);
  assert.equal(nearestKey('x'.repeat(100_000)), null);
});

test('app data inside a models folder is told by name', () => {
  const roots = [
    { name: 'Local', path: '/data/models' },
    { name: 'Lake', path: '/mnt/lake' },
  ];
  assert.equal(appDataInsideRoot('/home/you/x', roots, 'posix'), null);
  assert.equal(appDataInsideRoot('/data', roots, 'posix'), null);
  assert.equal(appDataInsideRoot('/mnt/lake_data', roots, 'posix'), null);
  assert.match(
    appDataInsideRoot('/mnt/lake/.weightroom', roots, 'posix') ?? '',
    /lies inside the models folder of “Lake”/,
  );
  assert.match(appDataInsideRoot('/data/models', roots, 'posix') ?? '', /is the models folder of “Local”/);
});
