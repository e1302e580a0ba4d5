@{
    RootModule           = 'module/Datamodels.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '5a0f6f5e-6f0e-4d0a-9b1c-2f8f3f0b7d41'
    Author               = 'Datamodels contributors'
    CompanyName          = 'Datamodels contributors'
    Copyright            = '(c) Datamodels contributors. MIT licence.'
    Description          = 'Which training examples drive a model''s predictions: datamodels (Ilyas et al. 2022) as PowerShell cmdlets.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('module/Datamodels.Format.ps1xml', 'module/Datamodels.List.Format.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    CmdletsToExport      = @(
        'Compare-Attribution'
        'Export-Datamodel'
        'Export-DatamodelGraph'
        'Export-DatamodelReport'
        'Export-SubsetTraining'
        'Find-BrittleSet'
        'Find-DataLeak'
        'Get-Attribution'
        'Get-DatamodelCluster'
        'Get-DatamodelEmbedding'
        'Get-DatamodelGraph'
        'Get-DatamodelPrediction'
        'Get-Influencers'
        'Get-SubsetTraining'
        'Get-TrainingExample'
        'Import-Datamodel'
        'Import-SubsetTraining'
        'Import-TrainingData'
        'Invoke-Counterfactual'
        'Invoke-DatamodelExperiment'
        'Invoke-DatamodelFit'
        'Measure-BrittleSet'
        'Measure-Counterfactual'
        'Measure-Datamodel'
        'New-Learner'
        'Start-SubsetTraining'
        'Submit-SubsetTraining'
        'Test-BrittleSet'
        'Test-EmbeddingComponent'
    )
    AliasesToExport      = @('Get-Influencer')
    PrivateData          = @{
        PSData = @{
            Tags         = @('datamodels', 'data-attribution', 'machine-learning', 'interpretability', 'influence', 'Windows', 'Linux',
                'MacOS')
            ProjectUri   = 'https://arxiv.org/abs/2202.00622'
            LicenseUri   = 'https://licenses.nuget.org/MIT'
            ReleaseNotes = 'First version: subset training, datamodels, influencers, brittle sets, counterfactuals, leaks, embeddings, graphs, attribution methods compared, reports, help. All of it is in CHANGELOG.md, in the folder of the module.'
        }
    }
}
