import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocationDefinition } from '../core/locations/location-definition.ts';
import type { AbsolutePath } from '../core/paths/absolute-path.ts';

const megabyte = 1024 * 1024;
const marker = 'this-is-the-weightroom-demo.txt';

/** Real files, small enough to ship (demo/SOURCES.md). */
const realFiles = {
  embedding: 'test_embedding.safetensors',
  codes: 'jfk-codes.safetensors',
  pickle: 'vgg.pth',
  onnx: 'light_vgg19.onnx',
} as const;

interface DemoFile {
  readonly relPath: string;
  /** One of `realFiles`, or the size in MiB of a made one. */
  readonly content: keyof typeof realFiles | number;
  readonly on: 'both' | 'local' | 'lake';
  /** What is different on the lake. */
  readonly lake?: { readonly at?: string; readonly mtimeDays?: number; readonly bytes?: 'changed' | 'longer' };
}

/** A library such as people have: most things on both sides, and one of each trouble. */
const files: readonly DemoFile[] = [
  { relPath: 'checkpoints/sdxl/juggernautXL_v9.safetensors', content: 6_617, on: 'local' },
  { relPath: 'checkpoints/sdxl/sd_xl_base_1.0.safetensors', content: 6_617, on: 'both' },
  {
    relPath: 'checkpoints/sd15/v1-5-pruned-emaonly.ckpt',
    content: 4_067,
    on: 'both',
    lake: { bytes: 'longer', mtimeDays: -120 },
  },
  { relPath: 'checkpoints/sd15/dreamshaper_8.safetensors', content: 2_033, on: 'both' },
  { relPath: 'checkpoints/sd15/dreamshaper_8.preview.png', content: 1, on: 'both' },
  { relPath: 'checkpoints/put_checkpoints_here', content: 0, on: 'local' },
  { relPath: 'diffusion_models/flux1-dev.safetensors', content: 22_700, on: 'both' },
  { relPath: 'diffusion_models/flux1-schnell.safetensors', content: 22_700, on: 'lake' },
  { relPath: 'diffusion_models/wan/wan2.2_t2v_high_noise_14B_fp8_scaled.safetensors', content: 13_600, on: 'lake' },
  { relPath: 'diffusion_models/wan/wan2.2_t2v_low_noise_14B_fp8_scaled.safetensors', content: 13_600, on: 'lake' },
  { relPath: 'unet/flux1-dev-Q4_K_S.gguf', content: 6_490, on: 'both', lake: { mtimeDays: 30 } },
  { relPath: 'loras/flux/add_detail.safetensors', content: 144, on: 'lake' },
  { relPath: 'loras/flux/aidmaHyperrealism.safetensors', content: 37, on: 'both', lake: { mtimeDays: 2 } },
  { relPath: 'loras/sdxl/pixel-art-xl.safetensors', content: 162, on: 'both', lake: { bytes: 'changed' } },
  {
    relPath: 'loras/sdxl/film grain v2.safetensors',
    content: 217,
    on: 'both',
    lake: { at: 'loras/sdxl/styles/film grain v2.safetensors' },
  },
  { relPath: 'loras/sdxl/LowRA.safetensors', content: 144, on: 'local' },
  { relPath: 'loras/sdxl/LowRA.civitai.info', content: 'codes', on: 'local' },
  { relPath: 'loras/pony/アニメ塗り_v3.safetensors', content: 218, on: 'both' },
  { relPath: 'loras/pony/水墨 style.safetensors', content: 110, on: 'lake' },
  { relPath: 'vae/ae.safetensors', content: 320, on: 'both' },
  { relPath: 'vae/sdxl_vae.safetensors', content: 320, on: 'both', lake: { bytes: 'changed', mtimeDays: 9 } },
  { relPath: 'text_encoders/t5xxl_fp8_e4m3fn.safetensors', content: 4_670, on: 'both' },
  { relPath: 'text_encoders/clip_l.safetensors', content: 235, on: 'both' },
  { relPath: 'controlnet/control_v11p_sd15_openpose.pth', content: 1_378, on: 'lake' },
  { relPath: 'embeddings/test_embedding.safetensors', content: 'embedding', on: 'both' },
  { relPath: 'embeddings/jfk-codes.safetensors', content: 'codes', on: 'both', lake: { mtimeDays: 1 } },
  { relPath: 'upscale_models/vgg.pth', content: 'pickle', on: 'both' },
  { relPath: 'upscale_models/4x-UltraSharp.pth', content: 64, on: 'local' },
  { relPath: 'insightface/light_vgg19.onnx', content: 'onnx', on: 'both' },
  { relPath: 'insightface/light_vgg19-copy.onnx', content: 'onnx', on: 'lake' },
];

/**
 * Makes the demo in a temporary folder of this user, or finds the one from before, and returns its two locations.
 * Large files are sparse: tens of GiB to look at, a few MiB on disk. Where a drive keeps no sparse files they are small.
 */
export function prepareDemo(nowMs: number): readonly LocationDefinition[] {
  const folder = path.join(os.tmpdir(), `weightroom-demo-${os.userInfo().username.replaceAll(/\W/g, '_')}`);
  if (!fs.existsSync(path.join(folder, marker))) {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const scale = keepsSparseFiles(folder) ? 1 : 1 / 1024;
    for (const file of files) writeDemoFile(folder, file, { scale, nowMs });
    // Last, so that a demo that was interrupted is made again.
    fs.writeFileSync(path.join(folder, marker), 'Made by Weightroom to show itself. You can delete this folder.\n');
  }
  return [define('local', 'Local', path.join(folder, 'local')), define('lake', 'Lake', path.join(folder, 'lake'))];
}

/** Its files are ours, so one may try deleting on them too. */
const demoDeletes = { allowDelete: true, undoDeletes: true, typeToDelete: false };

function define(id: string, name: string, root: string): LocationDefinition {
  return { id, name, path: root as AbsolutePath, layout: 'comfyui', drive: 'auto', ...demoDeletes, origin: 'demo' };
}

function keepsSparseFiles(folder: string): boolean {
  if (process.platform === 'win32') return false;
  const probe = path.join(folder, 'sparse-probe');
  fs.writeFileSync(probe, '');
  fs.truncateSync(probe, 64 * megabyte);
  const isSparse = fs.statSync(probe).blocks * 512 < megabyte;
  fs.unlinkSync(probe);
  return isSparse;
}

function writeDemoFile(folder: string, file: DemoFile, { scale, nowMs }: { scale: number; nowMs: number }): void {
  const seed = files.indexOf(file);
  const mtimeMs = Math.floor((nowMs - (seed * 13 + 20) * 86_400_000) / 1000) * 1000;
  if (file.on !== 'lake') write(path.join(folder, 'local', file.relPath), file.content, { seed, scale, mtimeMs });
  if (file.on === 'local') return;
  const { at = file.relPath, mtimeDays = 0, bytes } = file.lake ?? {};
  write(path.join(folder, 'lake', at), file.content, {
    seed: bytes === 'changed' ? seed + 1000 : seed,
    scale,
    mtimeMs: mtimeMs + mtimeDays * 86_400_000,
    extraBytes: bytes === 'longer' ? 4096 : 0,
  });
}

interface WriteOptions {
  readonly seed: number;
  readonly scale: number;
  readonly mtimeMs: number;
  readonly extraBytes?: number;
}

function write(
  target: string,
  content: DemoFile['content'],
  { seed, scale, mtimeMs, extraBytes = 0 }: WriteOptions,
): void {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  if (typeof content === 'string') {
    fs.copyFileSync(fileURLToPath(new URL(`${assetFolder()}${realFiles[content]}`, import.meta.url)), target);
  } else {
    const size = Math.round(content * megabyte * scale) + extraBytes;
    const descriptor = fs.openSync(target, 'w');
    fs.ftruncateSync(descriptor, size);
    if (size > 0) writeSafetensorsHead(descriptor, size, seed);
    fs.closeSync(descriptor);
  }
  fs.utimesSync(target, mtimeMs / 1000, mtimeMs / 1000);
}

/** From `src/app/` as from `dist/` the assets are in the package's `demo/`. */
function assetFolder(): string {
  return import.meta.url.endsWith('.ts') ? '../../demo/' : '../demo/';
}

/** A header that a model reader understands, one tensor over the rest, and a seed that makes contents differ. */
function writeSafetensorsHead(descriptor: number, size: number, seed: number): void {
  const header = Buffer.alloc(256, ' ');
  const length = Math.max(0, size - 8 - header.length);
  header.write(
    JSON.stringify({
      __metadata__: { seed: String(seed), made_by: 'weightroom demo' },
      weight: { dtype: 'U8', shape: [length], data_offsets: [0, length] },
    }),
  );
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(header.length));
  const sample = Buffer.alloc(Math.min(64 * 1024, length), seed & 255);
  fs.writeSync(descriptor, Buffer.concat([prefix, header, sample]).subarray(0, size), 0, undefined, 0);
}
