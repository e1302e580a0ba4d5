# The help as the shell shows it, and every example of it, typed with small sizes.

BeforeDiscovery {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $pages = foreach ($file in Get-ChildItem (Join-Path $root 'docs/cmdlets') -Filter *.md) {
        $text = (Get-Content $file -Raw).ReplaceLineEndings("`n")
        $examples = [regex]::Matches($text, '(?ms)^### ([^\n]+)\n\n(?:[^#`][^\n]*\n+)*```powershell\n(.*?)\n```')
        @{
            Name     = $file.BaseName
            Blocks   = [regex]::Matches($text, '(?m)^```powershell$').Count
            Examples = @($examples | ForEach-Object { @{ Title = $_.Groups[1].Value; Code = $_.Groups[2].Value } })
        }
    }

    $topics = foreach ($file in Get-ChildItem (Join-Path $root 'en-US') -Filter about_*.help.txt) {
        # Commands are set in by eight and begin after an empty line.
        $commands = [regex]::Matches((Get-Content $file -Raw).ReplaceLineEndings("`n"), '(?<=\n\n)(?: {8}[^\n]*\n)+')
        @{ Name = $file.Name -replace '\.help\.txt$'; File = $file; Commands = @($commands | ForEach-Object Value) }
    }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'SmallSetting.ps1')
    $root = Split-Path (Split-Path $PSScriptRoot)
    $manifest = & (Join-Path $PSScriptRoot 'Import-Datamodels.ps1')
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters

    # Types as a user sees them; each example begins in a setting of its own.
    function Invoke-InSetting([string] $Commands) {
        Copy-Item "$TestDrive/setting" "$TestDrive/fresh" -Recurse
        Push-Location "$TestDrive/fresh"
        try {
            $ErrorActionPreference = 'Stop'
            $WarningPreference = $InformationPreference = 'SilentlyContinue'
            & ([scriptblock]::Create((Small $Commands))) | Out-String
        }
        finally {
            Get-Job | Remove-Job -Force
            Pop-Location
            Remove-Item "$TestDrive/fresh" -Recurse
        }
    }

    # A cluster that takes every job and never gets round to it.
    $pathBefore = $env:PATH
    & "$PSScriptRoot/New-FakeSlurm.ps1" "$TestDrive/slurm"
    New-SmallSetting "$TestDrive/setting"
    $null = Get-SubsetTraining "$TestDrive/setting/out/digits" | Invoke-DatamodelFit -WarningAction Ignore
}

AfterAll { $env:PATH = $pathBefore }

Describe 'Get-Help <Name>' -ForEach $pages {
    BeforeAll {
        $command = Get-Command $Name -Module Datamodels
        $help = Get-Help $Name
        $parameters = $command.Parameters.Values | Where-Object Name -NotIn $common
    }

    It 'says what it is and what it is for' {
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -Match "^\s*$Name\b"
        ($help.description.Text -join '').Length | Should -BeGreaterThan 200
    }

    It 'describes every parameter, and no other' {
        $help.parameters.parameter.name | Sort-Object | Should -Be ($parameters.Name | Sort-Object)
        foreach ($parameter in $help.parameters.parameter) {
            $parameter.description.Text -join '' | Should -Not -BeNullOrEmpty -Because $parameter.name
        }

        (Get-Help $Name -Parameter *).name | Should -Be $help.parameters.parameter.name
    }

    It 'says how each parameter is bound' {
        foreach ($parameter in $parameters) {
            $shown = $help.parameters.parameter | Where-Object name -EQ $parameter.Name
            $sets = $parameter.ParameterSets.Values
            $shown.required | Should -Be "$(@($sets | Where-Object IsMandatory -EQ $false).Count -eq 0)" -Because $parameter.Name
            $shown.pipelineInput | Should -Be $(switch ($sets) {
                { $sets.ValueFromPipeline -contains $true -and $sets.ValueFromPipelineByPropertyName -contains $true } {
                    'True (ByValue, ByPropertyName)'; break
                }
                { $sets.ValueFromPipeline -contains $true } { 'True (ByValue)'; break }
                { $sets.ValueFromPipelineByPropertyName -contains $true } { 'True (ByPropertyName)'; break }
                default { 'False'; break }
            }) -Because $parameter.Name
            $positions = @($sets.Position | Where-Object { $_ -ge 0 })
            $shown.position | Should -Be ($positions.Count ? $positions[0] : 'named') -Because $parameter.Name
            $aliases = $parameter.Aliases.Count ? ($parameter.Aliases -join ', ') : 'none'
            $shown.aliases | Should -Be $aliases -Because $parameter.Name
        }
    }

    It 'has the syntax of each parameter set' {
        @($help.syntax.syntaxItem).Count | Should -Be $command.ParameterSets.Count
        foreach ($set in $command.ParameterSets) {
            $expected = $set.Parameters.Name | Where-Object { $_ -notin $common } | Sort-Object
            @($help.syntax.syntaxItem | Where-Object {
                -not (Compare-Object @($_.parameter.name) @($expected))
            }).Count | Should -BeGreaterThan 0 -Because $set.Name
        }
    }

    It 'says what goes in and what comes out' {
        $help.inputTypes.inputType.type.name | Should -Not -BeNullOrEmpty
        $help.returnValues.returnValue.type.name | Should -Be $command.OutputType.Type.FullName
    }

    It 'has links, and the examples of its page' {
        @($help.relatedLinks.navigationLink).Count | Should -BeGreaterThan 0
        $Examples.Count | Should -BeGreaterOrEqual 2
        $Examples.Count | Should -Be $Blocks
        $help.examples.example.code | Should -Be $Examples.Code
    }

    It 'shows all of it' {
        $full = Get-Help $Name -Full | Out-String -Width 400
        foreach ($heading in 'SYNOPSIS', 'SYNTAX', 'DESCRIPTION', 'PARAMETERS', 'INPUTS', 'OUTPUTS', 'RELATED LINKS') {
            $full | Should -Match "(?m)^$heading"
        }

        $full | Should -Match 'Example 2'
        Get-Help $Name -Examples | Out-String | Should -Match 'Example 2'
    }

    # Slurm is not for Windows.
    It 'has an example that runs: <Title>' -ForEach $Examples -Skip:($IsWindows -and $Name -eq 'Submit-SubsetTraining') {
        { Invoke-InSetting $Code } | Should -Not -Throw
    }
}

Describe 'The help of the module' {
    It 'is of all cmdlets' -TestCases @{ Names = $pages.Name } {
        $Names | Should -Be ((Get-Command -Module Datamodels -CommandType Cmdlet).Name | Sort-Object)
    }

    It 'is there for aliases' {
        foreach ($alias in Get-Command -Module Datamodels -CommandType Alias) {
            (Get-Help $alias.Name).Name | Should -Be $alias.ResolvedCommand.Name
            Get-Help $alias.Name -Full | Out-String | Should -Match "Alias: $($alias.Name)"
        }
    }

    It 'says what is taken by default: <Value> for -<Parameter> of <Name>' -ForEach @(
        @{ Name = 'Get-Influencers'; Parameter = 'Top'; Value = '5' }
        @{ Name = 'Start-SubsetTraining'; Parameter = 'Path'; Value = 'datamodels-run' }
        @{ Name = 'Start-SubsetTraining'; Parameter = 'Learner'; Value = 'None' }
        @{ Name = 'Start-SubsetTraining'; Parameter = 'Alpha'; Value = '0.5' }
        @{ Name = 'Invoke-DatamodelFit'; Parameter = 'Method'; Value = 'Lasso' }
        @{ Name = 'Invoke-DatamodelFit'; Parameter = 'Fold'; Value = 'None' }
        @{ Name = 'Invoke-Counterfactual'; Parameter = 'Size'; Value = '10, 20, 40, 80' }
        @{ Name = 'Export-Datamodel'; Parameter = 'Force'; Value = 'False' }
        @{ Name = 'Find-BrittleSet'; Parameter = 'Class'; Value = 'None' }
    ) {
        (Get-Help $Name -Parameter $Parameter).defaultValue | Should -Be $Value
    }

    It 'says what values there are' {
        Get-Help Find-BrittleSet -Parameter Mode | Out-String | Should -Match '(?s)Remove: .*Flip: '
    }

    It 'is there again after another import, in a session of its own' {
        $said = pwsh -NoProfile -NonInteractive -Command "
            Import-Module '$manifest'; Import-Module '$manifest' -Force
            (Get-Help Find-BrittleSet).examples.example.Count
            (Get-Help Get-Influencer).Name
            (Get-Help about_Datamodels).Name"
        $said[0] | Should -BeGreaterOrEqual 2
        $said[1..2] | Should -Be 'Get-Influencers', 'about_Datamodels'
    }
}

Describe 'Get-Help <Name>' -ForEach $topics {
    It 'is found, alone and among all topics' {
        Get-Help $Name | Out-String | Should -Match '(?m)^LONG DESCRIPTION'
        (Get-Help about_Data*).Name | Should -Contain $Name
        (Get-Help about_Data* | Where-Object Name -EQ $Name).Synopsis | Should -Not -BeNullOrEmpty
    }

    It 'fits into a window of 80 columns' {
        Get-Content $File | Where-Object { $_.Length -gt 80 } | Should -BeNullOrEmpty
    }

    It 'names cmdlets and parameters that there are' {
        $text = Get-Content $File -Raw
        $named = [regex]::Matches($text, '(?<![\w-])[A-Z][a-z]+-[A-Z]\w+').Value | Sort-Object -Unique
        $commands = $named | ForEach-Object { Get-Command $_ -ErrorAction Stop }
        [regex]::Matches($text, '(?<![\w-])-([A-Z]\w+)') | ForEach-Object { $_.Groups[1].Value } |
            Should -BeIn $commands.Parameters.Keys
    }

    It 'has commands that run, one after the other' {
        $Commands.Count | Should -BeGreaterThan 0
        { Invoke-InSetting ($Commands -join "`n") } | Should -Not -Throw
    }
}
