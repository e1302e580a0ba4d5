# An import is to be quick: Join-Path and Test-Path would import a module first, and Add-Type a compiler.
$bin = [System.IO.Path]::Combine($PSScriptRoot, 'bin')
$loader = [System.IO.Path]::Combine($bin, 'Datamodels.Loader.dll')
if (-not [System.IO.File]::Exists($loader)) {
    throw "The module's assemblies are not in '$bin'. Build them first: ./build.sh build, or dotnet build."
}

# Only the loader enters PowerShell's own load context; it brings in everything else.
$first = -not ('Datamodels.Loader.ModuleLoadContext' -as [type])
if ($first) {
    $null = [System.Reflection.Assembly]::LoadFrom($loader)
}

$inner = Import-Module -Assembly ([Datamodels.Loader.ModuleLoadContext]::Load($bin)) -PassThru

# Types are told of once in a session, else it is an error; so not by the manifest, as a second copy of the module may come.
if (-not (Get-Module Datamodels)) {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, 'Datamodels.Types.psd1'))
}

if ($first) {
    return
}

# From the second import on, PowerShell takes the inner module from its cache and forgets to hand its commands to this one
# (PowerShell/PowerShell#20710).
$instance = [System.Reflection.BindingFlags]'Instance, NonPublic'
$addCmdlet = [psmoduleinfo].GetMethod('AddExportedCmdlet', $instance)
$addAlias = [psmoduleinfo].GetMethod('AddExportedAlias', $instance)
$outer = $ExecutionContext.SessionState.Module
foreach ($cmdlet in $inner.ExportedCmdlets.Values) {
    $addCmdlet.Invoke($outer, @(, $cmdlet))
}

foreach ($alias in $inner.ExportedAliases.Values) {
    $addAlias.Invoke($outer, @(, $alias))
}
