@{
    ModuleVersion  = '1.0'
    TypesToProcess = @('Datamodels.Types.ps1xml')
}
