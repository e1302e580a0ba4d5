# The module's libraries beside other versions of the same, and its import.

BeforeAll {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $module = & "$PSScriptRoot/Import-Datamodels.ps1"
    $other = Join-Path $root 'tests/Datamodels.Tests/bin/Release/net10.0/other'
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    @'
data: { path: small.csv, testSize: 10 }
learner: { hidden: [4], epochs: 2 }
subsets: { alpha: 0.5, count: 60, seed: 1 }
output: out
'@ | Set-Content "$TestDrive/small.yaml"

    # What a session does with libraries of its own, and what it does with the module, which reads YAML and CSV, and solves the
    # normal equations of ridge regression by Math.NET.
    $own = @"
        Add-Type -LiteralPath '$other/YamlDotNet.dll', '$other/CsvHelper.dll', '$other/MathNet.Numerics.dll'
        `$said = [YamlDotNet.Serialization.SerializerBuilder]::new().Build().Serialize(@{ answer = 42 })
        `$said.Trim()
        `$parser = [CsvHelper.CsvParser]::new([System.IO.StringReader]::new('1,2'), [cultureinfo]::InvariantCulture)
        `$null = `$parser.Read()
        `$parser.Count
        [MathNet.Numerics.Constants]::Pi
"@
    $ours = @"
        Import-Module '$module'
        Remove-Item '$TestDrive/out' -Recurse -ErrorAction Ignore
        `$result = Invoke-DatamodelExperiment '$TestDrive/small.yaml'
        `$result.Datamodels.Count
        (`$result.Training | Invoke-DatamodelFit -Method Ridge).Count
"@
    $versions = @'
        foreach ($name in 'YamlDotNet', 'CsvHelper', 'MathNet.Numerics') {
            $found = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq $name } | ForEach-Object {
                $context = [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name
                "$context $($_.GetName().Version.Major)"
            }
            "$name $($found | Sort-Object)"
        }
'@

    function Invoke-Fresh([string] $Script) {
        $said = pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; $Script" 2>&1 |
            ForEach-Object ToString
        $LASTEXITCODE | Should -Be 0 -Because ($said -join "`n")
        $said
    }
}

Describe 'The libraries of the module' {
    It 'live beside other versions of the same that the session has loaded before' {
        Invoke-Fresh "$own; $ours; $versions" | Should -Be @(
            'answer: 42', '2', "$([math]::PI)", '10', '10'
            'YamlDotNet Datamodels 16 Default 13', 'CsvHelper Datamodels 34 Default 30'
            'MathNet.Numerics Datamodels 5 Default 4')
    }

    It 'live beside other versions that the session loads afterwards' {
        Invoke-Fresh "$ours; $own; $ours; $versions" | Should -Be @(
            '10', '10', 'answer: 42', '2', "$([math]::PI)", '10', '10'
            'YamlDotNet Datamodels 16 Default 13', 'CsvHelper Datamodels 34 Default 30'
            'MathNet.Numerics Datamodels 5 Default 4')
    }
}

Describe 'Importing the module' {
    It 'again and again, and after it was removed, gives its cmdlets, alias and views' {
        $look = '
            (Get-Command -Module Datamodels).Count
            (Get-Module Datamodels).ExportedCmdlets.Count
            (Get-Alias Get-Influencer).ResolvedCommand.Name
            @(Get-FormatData Datamodels.Learners.*Learner).Count
            (New-Learner | Out-String) -match "Hidden +Epochs"'
        $said = Invoke-Fresh "
            Import-Module '$module'
            $look
            foreach (`$i in 1..3) { Import-Module '$module' -Force }
            $look
            Remove-Module Datamodels
            @(Get-Command New-Learner, Get-Influencer -ErrorAction Ignore).Count
            @(Get-FormatData Datamodels.Learners.*Learner).Count
            Import-Module '$module'
            Import-Module '$module'
            $look"
        $count = (Import-PowerShellDataFile $module).CmdletsToExport.Count
        $said.Count | Should -Be 17
        [int] $said[0], [int] $said[1] | Should -Be ($count + 1), $count
        $said[2], $said[4] | Should -Be 'Get-Influencers', 'True'
        [int] $said[3] | Should -BeGreaterThan 0
        $said[5..9] | Should -Be $said[0..4]
        $said[10, 11] | Should -Be 0, 0
        $said[12..16] | Should -Be $said[0..4]
    }

    # Processor time, and the least of several sessions of either kind: what else the machine does only adds to that.
    It 'takes at most 300 ms over an empty session' {
        function Measure-Session([string] $Script) {
            $start = [System.Diagnostics.ProcessStartInfo]::new('pwsh')
            '-NoProfile', '-NonInteractive', '-Command', $Script | ForEach-Object { $start.ArgumentList.Add($_) }
            $session = [System.Diagnostics.Process]::Start($start)
            $session.WaitForExit()
            $session.TotalProcessorTime.TotalMilliseconds
        }

        $empty = [System.Collections.Generic.List[double]]::new()
        $import = [System.Collections.Generic.List[double]]::new()
        do {
            $empty.Add((Measure-Session exit))
            $import.Add((Measure-Session "Import-Module '$module'"))
            $taken = ($import | Measure-Object -Minimum).Minimum - ($empty | Measure-Object -Minimum).Minimum
        } until ($empty.Count -ge 5 -and $taken -le 300 -or $empty.Count -eq 15)

        $taken | Should -BeLessOrEqual 300 -Because "empty sessions took $empty ms, and with the import $import ms"
    }
}
