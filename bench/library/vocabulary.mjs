// Words that real model libraries are made of. Every name is legal on NTFS and ext4.

const families =
  'sd15 sdxl pony illustrious noobai flux1-dev flux1-schnell flux-kontext sd3.5 qwen-image wan2.1 wan2.2 hunyuan_video ltx-video chroma lumina2 z-image'.split(
    ' ',
  );

const subjects = [
  ...'Dreamscape RealVision JuggernautX anything epiCPhoto absolute mistoon cyber rev_animated detail-tweaker'.split(
    ' ',
  ),
  ...'add_detail LowRA pixel-art clay isometric portrait eye_detail lightning turbo lcm hyper depth canny'.split(' '),
  ...'openpose lineart tile inpaint softedge normal kawaii noir Ghibli cinematic retro anime watercolour'.split(' '),
  ...[
    'film grain',
    'ink wash',
    'hands fix',
    'product shot',
    'vector',
    '水墨',
    '赛博朋克',
    'アニメ塗り',
    'Überblick',
    'café',
    'naïve',
  ],
];

const variants = [
  ...'style lora concept character slider mix merge v2-fix final FINAL2 epoch step rank16 rank32 rank128'.split(' '),
  ...'ema-only pruned noVAE bakedVAE (1) [SDXL] {beta}'.split(' '),
];

const precisions = 'fp16 bf16 fp32 fp8_e4m3fn fp8_e5m2 fp8_scaled nf4'.split(' ');
const quantisations = 'Q2_K Q3_K_M Q4_0 Q4_K_S Q4_K_M Q5_K_M Q6_K Q8_0 IQ4_XS F16'.split(' ');
const languageModels =
  'Llama-3.1-8B-Instruct Mistral-7B-v0.3 Qwen2.5-14B Qwen3-8B gemma-2-9b-it phi-4 DeepSeek-R1-Distill-Qwen-7B joycaption-beta-one Yi-34B'.split(
    ' ',
  );
const creators =
  'kohya civitai lodestones city96 Kijai Comfy-Org stabilityai black-forest-labs TheBloke bartowski unsloth XLabs-AI InstantX lllyasviel Shakker'.split(
    ' ',
  );

/**
 * What a library holds: `share` of all files, median size in MiB as found in the wild and its spread (sigma of a
 * log-normal distribution). Kinds without folders are sidecars: they lie beside the model before them and share its name.
 */
export const kinds = [
  kind('lora', 0.34, 110, 0.9, '.safetensors', [
    'loras',
    'loras/sdxl',
    'loras/pony',
    'loras/flux',
    'loras/wan/high_noise',
    'loras/wan/low_noise',
    'loras/_unsorted',
    'loras/characters',
    'loras/styles/artists',
  ]),
  kind('checkpoint', 0.05, 5200, 0.45, '.safetensors', [
    'checkpoints',
    'checkpoints/sdxl',
    'checkpoints/sd15',
    'checkpoints/pony',
    'checkpoints/old',
  ]),
  kind('old checkpoint', 0.006, 3800, 0.3, '.ckpt', ['checkpoints', 'checkpoints/sd15']),
  kind('diffusion model', 0.014, 12000, 0.4, '.safetensors', [
    'diffusion_models',
    'unet',
    'diffusion_models/wan',
    'diffusion_models/flux',
  ]),
  kind('quantised diffusion model', 0.01, 8000, 0.4, '.gguf', ['unet', 'diffusion_models/gguf']),
  kind('language model', 0.012, 6000, 0.6, '.gguf', ['LLM', 'llm_gguf', 'LLM/gguf']),
  kind('vae', 0.02, 320, 0.3, '.safetensors', ['vae', 'vae/FLUX', 'vae_approx']),
  kind('text encoder', 0.02, 2400, 1.1, '.safetensors', ['text_encoders', 'clip', 'text_encoders/t5']),
  kind('image encoder', 0.02, 1200, 0.6, '.safetensors', ['clip_vision', 'style_models', 'ipadapter']),
  kind('controlnet', 0.035, 1400, 0.5, '.safetensors', [
    'controlnet',
    'controlnet/sdxl',
    'controlnet/flux',
    'controlnet/1.5',
  ]),
  kind('pth', 0.045, 90, 1.0, '.pth', [
    'controlnet/1.5',
    'upscale_models',
    'sams',
    'ultralytics/bbox',
    'ultralytics/segm',
    'facerestore_models',
  ]),
  kind('embedding', 0.08, 0.06, 0.8, '.safetensors', ['embeddings', 'embeddings/negative', 'embeddings/sdxl']),
  kind('old embedding', 0.03, 0.03, 1.0, '.pt', ['embeddings', 'hypernetworks']),
  kind('onnx', 0.012, 60, 1.3, '.onnx', ['insightface/models/antelopev2', 'onnx', 'rembg']),
  kind('motion', 0.01, 900, 0.9, '.ckpt', ['animatediff_models', 'animatediff_motion_lora']),
  kind('civitai info', 0.1, 0.006, 0.7, '.civitai.info'),
  kind('preview', 0.12, 0.35, 0.6, '.preview.png'),
  kind('metadata', 0.06, 0.002, 0.8, '.json'),
  kind('note', 0.016, 0.0006, 0.9, '.txt'),
];

function kind(name, share, medianMiB, spread, extension, folders = null) {
  return { name, share, medianMiB, spread, extension, folders };
}

const kindsWithPrecision = new Set([
  'checkpoint',
  'diffusion model',
  'vae',
  'text encoder',
  'image encoder',
  'controlnet',
]);

/** A file name without its extension. */
export function inventName(kindName, random) {
  if (kindName === 'language model') return `${random.pick(languageModels)}-${random.pick(quantisations)}`;
  if (kindName === 'quantised diffusion model') {
    return `${random.pick(families)}-${random.pick(subjects)}-${random.pick(quantisations)}`;
  }
  const separator = () => random.pick(['_', '-', ' ']);
  let name = random.pick(families) + separator() + random.pick(subjects);
  if (random.chance(0.7)) name += separator() + random.pick(variants);
  if (random.chance(0.25)) name = `${random.pick(creators)}_${name}`;
  if (kindsWithPrecision.has(kindName)) name += `_${random.pick(precisions)}`;
  if (random.chance(0.1)) name += `-${String(random.below(1_000_000)).padStart(6, '0')}`;
  return name + inventVersion(random);
}

function inventVersion(random) {
  const version = random.below(5);
  if (version === 2) return `_v${1 + random.below(12)}`;
  if (version === 3) return `-v${1 + random.below(5)}.${random.below(10)}`;
  return version === 4 ? `_${1000 + random.below(90_000)}` : '';
}

/** Large libraries sort their folders further, by who made a model and for what. */
export function inventSubfolder(random) {
  return `/${random.pick(creators)}${random.chance(0.5) ? `/${random.pick(families)}` : ''}`;
}

export const architectureOf = (number) => families[number % families.length];
