export function isDescriptorName(name: string): boolean {
  return /\.ovf$/i.test(name);
}

export function isManifestName(name: string): boolean {
  return /\.mf$/i.test(name);
}
