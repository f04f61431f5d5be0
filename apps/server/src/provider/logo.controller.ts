import { Controller, Get, Header, Param } from '@nestjs/common';
import { AppError } from 'model';
import { Public } from '../access/public.decorator.js';
import { ProviderService } from './provider.service.js';

/** A provider's picture: its initial on a colour of its own, since logos are other people's property. */
@Public()
@Controller('images/template-logos')
export class LogoController {
  constructor(private readonly providers: ProviderService) {}

  @Get(':file')
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'public, max-age=86400')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  logo(@Param('file') file: string): string {
    const provider = this.providers.find(file.replace(/\.svg$/, ''));
    if (!provider) throw new AppError('unknown_provider');
    return initialPicture(provider.name, provider.display_name);
  }
}

function initialPicture(name: string, title: string): string {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const initial = /[a-z0-9]/i.exec(title)?.[0]?.toUpperCase() ?? '';
  const text = `<text x="32" y="43" text-anchor="middle" font-family="sans-serif" font-size="32" font-weight="600" fill="white">${initial}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="hsl(${hue} 55% 45%)"/>${text}</svg>`;
}
