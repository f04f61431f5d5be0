import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { JailReport } from 'model';
import { requireService } from 'service';
import { RunnerRepository } from './runner.repository.js';

@Controller('runners')
@UseGuards(requireService('runner'))
export class RunnerController {
  constructor(private readonly runners: RunnerRepository) {}

  @Post()
  @HttpCode(204)
  report(@Body({ schema: JailReport }) report: JailReport): Promise<void> {
    return this.runners.report(report);
  }
}
