# The package as a stranger gets it: from a folder as a repository, by PowerShell's own tools, in a session that knows nothing.

BeforeAll {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $module = & "$PSScriptRoot/Import-Datamodels.ps1"
    $package = Get-Item (Join-Path $root 'out/pack/*.nupkg') -ErrorAction Ignore

    # A session that has nothing of this one; gives what it printed, a line each.
    function Invoke-Fresh([string] $Script) {
        $said = pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; $Script" 2>&1 |
            ForEach-Object ToString
        $LASTEXITCODE | Should -Be 0 -Because ($said -join "`n")
        $said
    }
}

Describe 'The package' -Skip:(-not (Test-Path (Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'out/pack/*.nupkg'))) {
    BeforeAll {
        $repository = "datamodels-test-$PID"
        Register-PSResourceRepository $repository -Uri $package.DirectoryName -Trusted
        $folder = (New-Item "$TestDrive/a folder" -ItemType Directory).FullName
        Save-PSResource Datamodels -Repository $repository -Path $folder
    }

    AfterAll { Unregister-PSResourceRepository $repository }

    It 'is found with all that the manifest says' {
        $found = Find-PSResource Datamodels -Repository $repository
        $manifest = Import-PowerShellDataFile $module
        "$($found.Version)" | Should -Be $manifest.ModuleVersion
        $found.Author, $found.Description, $found.Copyright |
            Should -Be $manifest.Author, $manifest.Description, $manifest.Copyright
        $found.Tags | Should -Be $manifest.PrivateData.PSData.Tags
        "$($found.ProjectUri)", "$($found.LicenseUri)" |
            Should -Be $manifest.PrivateData.PSData.ProjectUri, $manifest.PrivateData.PSData.LicenseUri
        $found.ReleaseNotes | Should -Be $manifest.PrivateData.PSData.ReleaseNotes
        $found.Includes.Cmdlet | Should -Be $manifest.CmdletsToExport
        (Find-PSResource -Tag data-attribution -Repository $repository).Name | Should -Be Datamodels
    }

    It 'is laid down as the packed folder is, name for name and byte for byte' {
        $packed = Split-Path $module
        $saved = "$folder/Datamodels/$(Split-Path $packed -Leaf)"
        function Get-Names($Path) {
            (Get-ChildItem $Path -Recurse -File).FullName.Substring((Get-Item $Path).FullName.Length + 1) |
                Where-Object { $_ -ne 'PSGetModuleInfo.xml' } | Sort-Object -CaseSensitive
        }

        $expected = Get-Names $packed
        Get-Names $saved | Should -BeExactly $expected
        foreach ($name in $expected) {
            (Get-FileHash "$saved/$name").Hash | Should -Be (Get-FileHash "$packed/$name").Hash
        }
    } -Skip:($null -eq $env:DATAMODELS_MODULE)

    It 'is imported by name from where it is saved, and works' {
        $said = Invoke-Fresh "
            `$env:PSModulePath = '$folder' + [IO.Path]::PathSeparator + `$env:PSModulePath
            (New-Learner Softmax).Kind.ToString()
            (Get-Module Datamodels).ModuleBase
            (Import-TrainingData '$root/examples/digits/digits.csv.gz' -TestSize 10).TestCount
            (Get-FormatData Datamodels.Runs.SubsetTraining).TypeNames"
        $said[0] | Should -Be Softmax
        $said[1] | Should -BeLike "$folder*"
        $said[2] | Should -Be 10
        $said[3] | Should -Be Datamodels.Runs.SubsetTraining
    }

    It 'works unpacked by a tool that knows of no modules, as from a mere zip' {
        Expand-Archive $package.FullName "$TestDrive/unzipped"
        Invoke-Fresh "Import-Module '$TestDrive/unzipped/Datamodels.psd1'; (New-Learner).Epochs" | Should -Be 20
        Test-ModuleManifest "$TestDrive/unzipped/Datamodels.psd1" | Should -Not -BeNullOrEmpty
        # What about_Datamodels begins with, and what the README shows.
        "$TestDrive/unzipped/examples/digits/digits.csv.gz" | Should -Exist
        "$TestDrive/unzipped/docs/influencers.svg" | Should -Exist
    }
}

Describe 'A second copy of the module in a session' {
    BeforeAll {
        $copy = (New-Item "$TestDrive/copy/Datamodels" -ItemType Directory -Force).FullName
        Copy-Item $module $copy
        Copy-Item (Join-Path (Split-Path $module) module) $copy -Recurse
    }

    It 'is as good as the first where it is the same, and then the objects of one are those of the other' {
        $said = Invoke-Fresh "
            Import-Module '$module'
            `$learner = New-Learner
            Import-Module '$copy/Datamodels.psd1'
            `$learner.GetType() -eq (New-Learner).GetType()
            (`$learner | Format-List | Out-String) -match 'Epochs'
            (New-Learner).Epochs
            Import-Module '$copy/Datamodels.psd1' -Force
            Remove-Module Datamodels
            @(Get-Command New-Learner -ErrorAction Ignore).Count"
        $said | Should -Be True, True, 20, 0
    }

    It 'is refused where it is another, and the first goes on' {
        $engine = "$copy/module/bin/Datamodels.dll"
        [System.IO.File]::WriteAllBytes($engine, [System.IO.File]::ReadAllBytes($engine) + [byte]0)
        $said = Invoke-Fresh "
            Import-Module '$module'
            try { Import-Module '$copy/Datamodels.psd1' } catch { `$_.Exception.Message }
            (Get-Module Datamodels).ModuleBase
            (New-Learner).Epochs
            New-Learner | Out-String"
        $said[0] | Should -BeLike "*$((Get-Item (Split-Path $module)).FullName)*is loaded in this session*$copy*new PowerShell*"
        $said[1] | Should -Be (Get-Item (Split-Path $module)).FullName
        $said[2] | Should -Be 20
        $said -match 'Perceptron 32' | Should -Not -BeNullOrEmpty
    }
}
