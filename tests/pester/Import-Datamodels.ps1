# Imports the module that the suites test, and gives the path of its manifest: the packed one as ./build.sh test has it, which
# DATAMODELS_MODULE names, else the one of the checkout.
$manifest = $env:DATAMODELS_MODULE
if (-not $manifest) { $manifest = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'Datamodels.psd1' }
Import-Module $manifest -Force -Global
$manifest
