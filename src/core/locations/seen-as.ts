import type { FolderLook, SeenAs } from '../ports/folder-looks.ts';
import type { RawDirent, RawFileSystem } from '../ports/raw-file-system.ts';

/** Folders of a ComfyUI `models` folder (`folder_paths.py` of ComfyUI), lower case. */
const comfyFolders: ReadonlySet<string> = new Set([
  ...['checkpoints', 'loras', 'vae', 'text_encoders', 'diffusion_models', 'unet', 'clip', 'clip_vision', 'controlnet'],
  ...['embeddings', 'upscale_models', 'style_models', 'gligen', 'hypernetworks', 'vae_approx', 'photomaker'],
  ...['diffusers', 'configs', 'latent_upscale_models', 'model_patches', 'audio_encoders', 'ipadapter', 'ultralytics'],
]);
/** One of these has to be among them: `configs` and `vae` alone are found in other places too. */
const comfyCore: ReadonlySet<string> = new Set(['checkpoints', 'loras', 'diffusion_models', 'unet']);
/** Folders below `models` of Automatic1111, Forge and SD.Next, lower case. */
const webuiCore: ReadonlySet<string> = new Set(['stable-diffusion', 'stablediffusion']);

/** Where installs keep their models, and what lies beside it in them and nowhere else. */
const installs: readonly { readonly beside: RegExp; readonly below: readonly string[] }[] = [
  { beside: /^(?:main\.py|comfy|custom_nodes|webui\.py|launch\.py|extensions|input|output)$/, below: ['models'] },
  // The Windows portables of ComfyUI and Forge, and Stability Matrix.
  { beside: /^(?:python_embed|run_.*\.bat$)/, below: ['ComfyUI', 'models'] },
  { beside: /^(?:environment\.bat|run\.bat|system)$/, below: ['webui', 'models'] },
  { beside: /^(?:StabilityMatrix|Data$)/, below: ['Data', 'Models'] },
];

const modelName = /\.(?:safetensors|sft|ckpt|gguf|pth|pt|onnx)$/i;
const nothing: SeenAs = { looks: null, modelsPath: null };

export function isModelName(name: string): boolean {
  return modelName.test(name);
}

export function joinPath(fs: Pick<RawFileSystem, 'platform'>, folder: string, name: string): string {
  const separator = fs.platform === 'win32' ? '\\' : '/';
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

/**
 * What a folder looks like by the names in it, and in its `models` or `ComfyUI` folder. Never throws: what cannot be
 * listed below it speaks for nothing.
 */
export function seenAs(fs: RawFileSystem, path: string, names: readonly RawDirent[]): SeenAs {
  const own = lookOf(names);
  if (own === 'comfyui-models' || own === 'webui') return { looks: own, modelsPath: path };
  for (const { beside, below } of installs) {
    if (!names.some(({ name }) => beside.test(name))) continue;
    const found = lookBelow(fs, path, names, below);
    if (found !== null) return found;
  }
  return own === null ? nothing : { looks: own, modelsPath: path };
}

function lookBelow(
  fs: RawFileSystem,
  path: string,
  names: readonly RawDirent[],
  below: readonly string[],
): SeenAs | null {
  const [first = ''] = below;
  if (!names.some(({ name, kind }) => name === first && kind !== 'file')) return null;
  const modelsPath = below.reduce((folder, name) => joinPath(fs, folder, name), path);
  try {
    const look = lookOf(fs.list(modelsPath));
    if (look === 'comfyui-models') return { looks: 'comfyui', modelsPath };
    return look === 'webui' ? { looks: 'webui', modelsPath } : null;
  } catch {
    return null;
  }
}

function lookOf(names: readonly RawDirent[]): FolderLook | null {
  const folders = names
    .filter(({ kind }) => kind === 'folder' || kind === 'link')
    .map(({ name }) => name.toLowerCase());
  const comfy = folders.filter((name) => comfyFolders.has(name));
  if (comfy.length >= 2 && comfy.some((name) => comfyCore.has(name))) return 'comfyui-models';
  if (folders.some((name) => webuiCore.has(name)) && folders.some((name) => name === 'lora' || name === 'vae')) {
    return 'webui';
  }
  return names.some(({ name, kind }) => kind !== 'folder' && isModelName(name)) ? 'models' : null;
}
